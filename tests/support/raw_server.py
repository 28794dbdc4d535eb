"""A server that is told byte by byte what to do with each request, on plain or on TLS connections."""

from __future__ import annotations

import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Respond = Callable[[socket.socket, bytes], bool]
"""answers a request on its connection; returns whether the connection is kept"""

UUID = b'{"message_uuid": "%s"}'

_LENGTH = re.compile(rb"content-length: *([0-9]+)", re.IGNORECASE)


class RawServer:
    """Answers in threads; `requests` are those that arrived whole."""

    def __init__(self, respond: Respond, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.respond = respond
        self.requests: list[bytes] = []
        self.connections = 0
        self._tls = tls
        self._listener = socket.create_server((host, 0), family=family, backlog=500)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError), self._secured(client) as talking:
            talking.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while (request := _read(talking)) is not None:
                self.requests.append(request)
                if not self.respond(talking, request):
                    return

    def _secured(self, client: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(client, server_side=True) if self._tls else client


def _read(client: socket.socket) -> bytes | None:
    """A whole request; None if the client hangs up before its end."""
    got = b""
    while True:
        head, end, body = got.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if end and len(body) >= (int(length[1]) if length else 0):
            return got
        block = client.recv(65_536)
        if not block:
            return None
        got += block


def reset(client: socket.socket) -> None:
    """Close it so that the other side gets an error instead of an end."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@contextmanager
def raw_server(
    respond: Respond, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[RawServer]:
    server = RawServer(respond, host, tls)
    try:
        yield server
    finally:
        server.close()


def ref_of(request: bytes) -> bytes:
    """The client_ref of the message in a request."""
    found = re.search(rb'"client_ref": ?"([^"]+)"', request)
    assert found is not None
    return found[1]


def accepted(request: bytes, fields: bytes = b"") -> bytes:
    """The answer that accepts just this message."""
    body = UUID % ref_of(request)
    return b"HTTP/1.1 202 Accepted\r\nContent-Length: %d\r\n%s\r\n" % (len(body), fields) + body
