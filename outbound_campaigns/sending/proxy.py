"""The proxy through which a URL is reached, as the environment has it."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_for(url: str) -> str | None:
    """The URL in HTTP_PROXY or HTTPS_PROXY, unless NO_PROXY excludes the host."""
    parts = urlsplit(url)
    if proxy_bypass(parts.hostname or ""):
        return None
    return getproxies().get(parts.scheme)
