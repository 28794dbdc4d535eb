"""Chooses the proxy for a URL: the environment's, but none for this machine itself."""

import ipaddress
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_for(url: str) -> str | None:
    """Return the URL in HTTP_PROXY or HTTPS_PROXY, unless NO_PROXY excludes the host."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)


def no_proxy_to_this_machine(url: str) -> dict[str, str]:
    """Return the `proxies` argument for requests: for a loopback URL, one that lets it use no proxy."""
    host = urlsplit(url).hostname or ""
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    return {"no_proxy": host} if loopback else {}
