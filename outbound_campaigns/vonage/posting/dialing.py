"""Opens connections: looks names up anew, tries both address families, and passes proxies and TLS."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Callable
from socket import SOCK_STREAM, socket
from typing import TypeVar, cast
from urllib.parse import SplitResult, unquote, urlsplit

import httptools
from aiohappyeyeballs import start_connection

from outbound_campaigns.vonage.posting.connection import MOST_BYTES, Connection

_NEXT_ADDRESS = 0.25
"""seconds until the next address is tried beside one that does not answer (RFC 8305, 5)"""

_PORTS = {"http": 80, "https": 443}

Made = TypeVar("Made", bound=asyncio.Protocol)


class ProxyRefused(ConnectionError):
    """Raised when a proxy opens no tunnel."""


class Dialer:
    """Opens connections to the host of `url`, through the proxy at the other URL if there is one."""

    def __init__(self, url: str, proxy: str | None) -> None:
        self._url = urlsplit(url)
        self._proxy = urlsplit(proxy) if proxy else None
        # From the system's store, or SSL_CERT_FILE; loading it takes longer than a handshake.
        self._tls = ssl.create_default_context()

    def head(self) -> str:
        """Return the first line and the fields that the way needs, of a POST to the URL's path.

        A proxy that passes requests on has the whole address in the line, and its login in a field.
        """
        host = self._url.netloc.rpartition("@")[2]
        if self._proxy is None or self._url.scheme == "https":
            return f"POST {self._url.path} HTTP/1.1\r\nHost: {host}\r\n"
        return f"POST {self._url.geturl()} HTTP/1.1\r\nHost: {host}\r\n{_login(self._proxy)}"

    async def open(self) -> Connection:
        """Return a new connection. Raises OSError (also for TLS), and ProxyRefused."""
        if self._proxy is None:
            return await self._connect(Connection, self._url)
        if self._url.scheme == "http":
            return await self._connect(Connection, self._proxy)
        tunnel = await self._connect(_Tunnel, self._proxy)
        try:
            await tunnel.open("{}:{}".format(*_host_and_port(self._url)), _login(self._proxy))
            return await self._secure(tunnel.transport)
        except BaseException:
            tunnel.transport.abort()
            raise

    async def _connect(self, make: Callable[[], Made], to: SplitResult) -> Made:
        sock = await _reach(*_host_and_port(to))
        secured = to.scheme == "https"
        try:
            _, made = await asyncio.get_running_loop().create_connection(
                make,
                sock=sock,
                ssl=self._tls if secured else None,
                server_hostname=to.hostname if secured else None,
            )
        except BaseException:
            sock.close()
            raise
        return made

    async def _secure(self, transport: asyncio.Transport) -> Connection:
        connection = Connection()
        secured = await asyncio.get_running_loop().start_tls(
            transport, connection, self._tls, server_hostname=self._url.hostname
        )
        assert secured is not None
        connection.connection_made(secured)
        return connection


async def _reach(host: str, port: int) -> socket:
    """Return a connected socket: to whichever of the host's addresses answers first."""
    loop = asyncio.get_running_loop()
    addresses = await loop.getaddrinfo(host, port, type=SOCK_STREAM)
    return await start_connection(addresses, happy_eyeballs_delay=_NEXT_ADDRESS, interleave=1, loop=loop)


def _host_and_port(url: SplitResult) -> tuple[str, int]:
    return url.hostname or "", url.port or _PORTS[url.scheme]


def _login(proxy: SplitResult) -> str:
    """Return the field with which a proxy's URL logs in there, if it does (RFC 7617)."""
    if proxy.username is None:
        return ""
    login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return f"Proxy-Authorization: Basic {base64.b64encode(login.encode()).decode()}\r\n"


class _Tunnel(asyncio.Protocol):
    """Asks a proxy for a tunnel (RFC 9110, 9.3.6)."""

    def __init__(self) -> None:
        self._answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._bytes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._refuse()
        if self._bytes > MOST_BYTES:
            self._refuse()

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status >= 200 and not self._answered.done():
            self._answered.set_result(status)

    def connection_lost(self, _error: Exception | None) -> None:
        self._refuse()

    def _refuse(self) -> None:
        if not self._answered.done():
            self._answered.set_exception(ProxyRefused())

    async def open(self, target: str, login: str) -> None:
        """Return when the proxy has opened a tunnel to the target. Raises ProxyRefused."""
        self.transport.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode("latin-1"))
        if not 200 <= await self._answered < 300:
            raise ProxyRefused
