"""Looks at a link as Meta will fetch it, without reaching anything of ours: what is there, and how large.

A name is resolved once, every address of it has to be public, and one of these very addresses is connected
to; for each redirect anew. Nothing of a body is read.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urljoin, urlsplit

from outbound_campaigns.media.kinds import BY_ENDING, MOST_MB, MediaType

SECONDS = 5.0
"""for each connection, and for each answer"""

MOST_REDIRECTS = 3
_PORTS = {"http": 80, "https": 443}
_REDIRECTS = (301, 302, 303, 307, 308)
_NO_HEAD = (403, 405, 501)
_MEGABYTE = 1_000_000
_TYPES = {kind.content_type: kind.type for kind in BY_ENDING.values()}
_AGENT = "outbound-campaigns"


class LinkFault(StrEnum):
    """Why Meta would not take what a link leads to."""

    UNREACHABLE = "link_unreachable"
    PRIVATE = "link_private"
    ANSWER = "link_answer"
    REDIRECTS = "link_redirects"
    TYPE = "link_type"
    LARGE = "link_large"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look has found: no fault, or one, with a detail such as a status or a type."""

    fault: LinkFault | None = None
    detail: str = ""


class _Refused(Exception):
    def __init__(self, fault: LinkFault, detail: str = "") -> None:
        self.verdict = Verdict(fault, detail)
        super().__init__(fault)


def _resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _connect(address: str, port: int) -> socket.socket:
    return socket.create_connection((address, port), SECONDS)


@dataclass(frozen=True, slots=True)
class Network:
    """How names are resolved, addresses connected to, and certificates checked."""

    resolve: Callable[[str, int], Sequence[str]] = _resolve
    connect: Callable[[str, int], socket.socket] = _connect
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)


def look(link: str, wanted: MediaType, network: Network) -> Verdict:
    """Return what Meta would say of a link that is to be a picture, video or document; may take a minute."""
    try:
        for _ in range(MOST_REDIRECTS + 1):
            answer = _ask(link, network)
            if answer.status not in _REDIRECTS:
                return _judge(answer, wanted)
            link = urljoin(link, answer.getheader("Location") or "")
    except _Refused as refused:
        return refused.verdict
    except (OSError, HTTPException, ValueError) as error:
        return Verdict(LinkFault.UNREACHABLE, type(error).__name__)
    return Verdict(LinkFault.REDIRECTS)


def _judge(answer: HTTPResponse, wanted: MediaType) -> Verdict:
    if answer.status not in (200, 206):
        return Verdict(LinkFault.ANSWER, str(answer.status))
    content_type = (answer.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if _TYPES.get(content_type) is not wanted:
        return Verdict(LinkFault.TYPE, content_type[:60] or "–")
    size = _size(answer)
    if size is not None and size > MOST_MB[wanted] * _MEGABYTE:
        return Verdict(LinkFault.LARGE, f"{size / _MEGABYTE:.1f}")
    return Verdict()


def _size(answer: HTTPResponse) -> int | None:
    """Return how many bytes the whole has; None where the answer does not tell."""
    whole = (answer.getheader("Content-Range") or "").rpartition("/")[2] if answer.status == 206 else ""
    told = whole or (answer.getheader("Content-Length") or "")
    return int(told) if told.isascii() and told.isdecimal() else None


def _ask(link: str, network: Network) -> HTTPResponse:
    parts = urlsplit(link)
    host = parts.hostname
    port = _PORTS.get(parts.scheme)
    if port is None or not host or parts.username or (parts.port or port) != port:
        raise _Refused(LinkFault.UNREACHABLE, "http://, https://")
    addresses = network.resolve(host, port)
    if not addresses or not all(map(is_public, addresses)):
        raise _Refused(LinkFault.PRIVATE)
    answer = _request("HEAD", parts, host, port, addresses[0], network)
    if answer.status in _NO_HEAD:
        return _request("GET", parts, host, port, addresses[0], network)
    return answer


def _request(
    method: str, parts: SplitResult, host: str, port: int, address: str, network: Network
) -> HTTPResponse:
    """Return an answer's head; the connection is closed by then."""
    with closing(network.connect(address, port)) as plain:
        plain.settimeout(SECONDS)
        connection = HTTPConnection(host, port)
        connection.sock = network.tls.wrap_socket(plain, server_hostname=host) if port == 443 else plain
        with closing(connection):
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            named = f"[{host}]" if ":" in host else host
            headers = {"Host": named, "User-Agent": _AGENT, "Accept": "*/*", "Connection": "close"}
            if method == "GET":
                headers["Range"] = "bytes=0-0"
            connection.request(method, target, headers=headers)
            answer = connection.getresponse()
            answer.close()
            return answer


def is_public(address: str) -> bool:
    """Return whether an address, or the one that is wrapped in it, belongs to the open internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = _wrapped(found)
        if wrapped is not None:
            return is_public(str(wrapped))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast


def _wrapped(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if found in _TRANSLATED:
        return ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 by way of NAT64 (RFC 6052, 2.1)"""
