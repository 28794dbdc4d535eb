"""One connection to Vonage: a request is written at once and whole, and its answer is read (RFC 9112)."""

from __future__ import annotations

import asyncio
import select
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

import httptools

MOST_BYTES = 65_536
"""most bytes of an answer's head, and of its body, that are read"""


class HalfAnswer(Exception):
    """Raised when a connection ended within an answer's body."""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: the status, the headers by name in lower case, and the body as far as it was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection(asyncio.Protocol):
    """Carries one request at a time. After any doubt about what follows, it is closed and not used again."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._poll = select.poll()
        self._parser: httptools.HttpResponseParser | None = None
        self._response: asyncio.Future[Response] | None = None
        self._reset()
        self.idle_since = self.heard_at = self._loop.time()
        self.ends_at = float("inf")
        """when, on the loop's clock, the request under way is given up"""
        self.lost: asyncio.Future[None] = self._loop.create_future()
        """done when nothing of the connection is left"""

    def _reset(self) -> None:
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._head_bytes = 0
        self._reads_body = False
        self._is_over = False

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        sock = transport.get_extra_info("socket")
        if sock is not None:
            self._poll.register(sock.fileno(), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        if self._response is None or self._response.done():
            # Nobody asked: the next request would get this as its answer.
            self.close()
            return
        self.heard_at = self._loop.time()
        self._head_bytes += 0 if self._reads_body else len(data)
        assert self._parser is not None
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            # After the end, bytes that belong to nothing; before it, an answer that is none (or 101).
            self._fail(HalfAnswer() if self._reads_body else ConnectionError(type(error).__name__))
        else:
            if not self._reads_body and self._head_bytes > MOST_BYTES:
                self._fail(ConnectionError("an endless head"))

    def eof_received(self) -> None:
        """Close; an answer without a length ends here."""
        if self._reads_body and not self._has_length:
            self._complete(keep=False)

    def connection_lost(self, error: Exception | None) -> None:
        self.lost.set_result(None)
        if self._reads_body:
            self._fail(HalfAnswer())
        else:
            self._fail(error or ConnectionError("closed before an answer"))

    # What the parser calls.

    def on_message_begin(self) -> None:
        if self._is_over:
            self.close()  # a second answer

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._reads_body = not self._is_over and self._status >= 200

    def on_body(self, part: bytes) -> None:
        if not self._is_over:
            self._body += part
            if len(self._body) > MOST_BYTES:
                self._complete(keep=False)

    def on_message_complete(self) -> None:
        if self._reads_body:
            assert self._parser is not None
            self._complete(keep=self._parser.should_keep_alive() and self._has_length)
        elif not self._is_over:
            self._reset()  # 100, 103 and their like announce an answer (RFC 9110, 15.2)

    @property
    def _status(self) -> int:
        assert self._parser is not None
        return int(self._parser.get_status_code())

    @property
    def _has_length(self) -> bool:
        named = "content-length" in self._headers or "transfer-encoding" in self._headers
        return named or self._status in (204, 304)

    # What the gateway calls.

    @property
    def is_usable(self) -> bool:
        """Return whether another request may be written: nothing has come meanwhile, not even the end."""
        if self._transport is None or self._transport.is_closing() or self._response is not None:
            return False
        return not self._poll.poll(0)

    async def post(self, request: bytes, begin: Callable[[], None], ends_at: float) -> Response:
        """Write the request and return its answer; `begin` is called right before, and may raise.

        Given up at `ends_at`, on the loop's clock. Raises OSError (TimeoutError too) and HalfAnswer.
        """
        if self._transport is None or self._transport.is_closing():
            raise ConnectionResetError("closed before anything was written")
        self._parser = httptools.HttpResponseParser(self)
        self._reset()
        self.heard_at, self.ends_at = self._loop.time(), ends_at
        response: asyncio.Future[Response] = self._loop.create_future()
        # From here on there is no way back, and nothing to wait for.
        begin()
        self._response = response
        try:
            self._transport.write(request)
            return await response
        finally:
            self._response, self.ends_at = None, float("inf")
            self.idle_since = self._loop.time()
            if not self._is_over:
                self.abort()

    def give_up(self) -> None:
        """End the request under way, which has taken too long."""
        self._fail(TimeoutError())

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _complete(self, keep: bool) -> None:
        self._is_over, self._reads_body = True, False
        if not keep:
            self.close()
        if self._response is not None and not self._response.done():
            body = _decoded(bytes(self._body), self._headers.get("content-encoding", ""))
            self._response.set_result(Response(self._status, self._headers, body))

    def _fail(self, error: Exception) -> None:
        if self._response is not None and not self._response.done():
            self._response.set_exception(error)
        self.close()


def _decoded(body: bytes, coding: str) -> bytes:
    """Return a body as it was before a server packed it, though not asked to; as it came if that can't be."""
    if coding.lower() not in ("gzip", "x-gzip", "deflate"):
        return body
    try:
        # 32: with the header of gzip or of zlib, whichever there is.
        return zlib.decompressobj(32 + zlib.MAX_WBITS).decompress(body, MOST_BYTES)
    except zlib.error:
        return body
