"""One client's connection: uvicorn's HTTP/1.1, with limits for what a client sends and for how slowly."""

from __future__ import annotations

from asyncio import BaseTransport
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from outbound_campaigns.web.front.exchange import Scope

LONGEST_TARGET = 8190
"""bytes of a request's address"""

MOST_FIELDS, LONGEST_FIELD = 64, 16_380
"""header fields of a request, and bytes of each"""

LARGEST_HEAD = 65_536
"""bytes of a request before its body"""

SLOWEST = 100.0
"""bytes a second; a body that comes more slowly is given up"""

MOST_CONNECTIONS = 5000
"""of one process; those beyond are closed at once"""

_VERSIONS = ("1.0", "1.1")

TakeAtOnce = Callable[[Scope, bytes, Callable[[bool], None]], bool]
"""is given a whole request: its scope, its body, and what to call when it is done; see Front.take_at_once"""


class Connection(HttpToolsProtocol):
    """Whoever sends too much gets an answer that says so, and whoever stands still is given up.

    `patience` is how many seconds a head may take, and a body or an answer may stand still; after
    `keep_alive` without a request the connection is closed. `look` must be called about once a second.
    What came in one piece is first offered to `take_at_once`: see Front. That spares a task and all that an
    application awaits.
    """

    def __init__(self, patience: float, keep_alive: int, take_at_once: TakeAtOnce, **given: Any) -> None:
        super().__init__(**given)
        self._patience = patience
        self._take_at_once = take_at_once
        self._unstarted: tuple[RequestResponseCycle, Any] | None = None
        self.timeout_keep_alive = keep_alive
        self._refusal = HTTPStatus.BAD_REQUEST
        self._is_new, self._is_deaf = True, False
        self._reads_head = True
        self._begins = False
        self._head_bytes = 0
        self._body_bytes = 0
        self._raw_left = 0
        """bytes of a body that the parser does not know of"""
        self._since = self._unsent_since = self.loop.time()
        self._unsent = 0

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(cast(Any, transport))
        if len(self.connections) > MOST_CONNECTIONS:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if not self._is_deaf and self.parser is not None:
            self._read(data)
            self._start()

    def _read(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        self._head_bytes += len(data) if self._reads_head and not self._raw_left else 0
        self._body_bytes += len(data)
        try:
            rest = self._feed_body(data) if self._raw_left else data
            if rest:
                self.parser.feed_data(rest)
        except httptools.HttpParserUpgrade as upgrade:
            self._go_on(rest[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(self._refusal)
        else:
            if self._reads_head and self._head_bytes > LARGEST_HEAD:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _go_on(self, rest: bytes) -> None:
        """Read what follows a request for another protocol, which we do not speak (RFC 9110, 7.8)."""
        self.parser = httptools.HttpRequestParser(self)
        # The parser believed that the body was of the other protocol.
        given = dict(self.headers)
        if b"transfer-encoding" in given:
            self._refuse(HTTPStatus.NOT_IMPLEMENTED)
            return
        self._raw_left = int(given.get(b"content-length", b"0"))
        if not self._raw_left:
            super().on_message_complete()
        if rest:
            self.data_received(rest)

    def _feed_body(self, data: bytes) -> bytes:
        body, rest = data[: self._raw_left], data[self._raw_left :]
        self._raw_left -= len(body)
        self.on_body(body)
        if not self._raw_left:
            super().on_message_complete()
        return rest

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._reads_head, self._since = True, self.loop.time()
        # Of one that follows a body in the same block, this is all that is counted yet.
        self._head_bytes = self._head_bytes or 1

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > LONGEST_TARGET:
            self._stop_reading(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        if len(self.headers) > MOST_FIELDS or len(name) + len(value) > LONGEST_FIELD:
            self._stop_reading(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_headers_complete(self) -> None:
        if self.parser.get_http_version() not in _VERSIONS:
            self._stop_reading(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED)
        self._reads_head, self._head_bytes = False, 0
        self._since, self._body_bytes = self.loop.time(), 0
        self._begins = True
        super().on_headers_complete()
        self._begins = self._is_new = False

    def on_message_complete(self) -> None:
        self._reads_head = True
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if self._begins:
            self._unstarted = cycle, app  # perhaps the rest of it is already here
        else:
            super()._start_asgi_task(cycle, app)

    def _start(self) -> None:
        """Start what has begun in this block."""
        if self._unstarted is None:
            return
        (cycle, app), self._unstarted = self._unstarted, None
        offered = not cycle.more_body and not self.flow.write_paused
        scope, done = cast(Scope, cycle.scope), partial(self._taken, cycle, app)
        if not offered or not self._take_at_once(scope, bytes(cycle.body), done):
            super()._start_asgi_task(cycle, app)

    def _taken(self, cycle: RequestResponseCycle, app: Any, is_stored: bool) -> None:
        if not is_stored:
            super()._start_asgi_task(cycle, app)
        elif not cycle.disconnected:
            cycle.response_started = cycle.response_complete = True
            date = b"".join(b"%b: %b\r\n" % field for field in self.server_state.default_headers)
            self.transport.write(_OK % (date, b"" if cycle.keep_alive else _CLOSE))
            if not cycle.keep_alive:
                self.transport.close()
            self.on_response_complete()

    def _stop_reading(self, refusal: HTTPStatus) -> None:
        self._refusal = refusal
        # httptools tells the caller of feed_data that a callback failed.
        raise ValueError(refusal)

    def look(self, now: float) -> None:
        """Give up a client that stands still, at `now` on the loop's clock."""
        unsent = self.transport.get_write_buffer_size()
        if unsent:
            if unsent != self._unsent:
                self._unsent_since = now
            elif now - self._unsent_since > self._patience:
                self.transport.abort()
        elif self._awaits_head and now - self._since > self._patience:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self._awaits_body and now - self._since > self._patience:
            if self._body_bytes < SLOWEST * self._patience:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT)
            self._since, self._body_bytes = now, 0
        self._unsent = unsent

    @property
    def _awaits_head(self) -> bool:
        """True for a new connection, and after a head's first byte; silence before that is keep-alive."""
        is_first = self._is_new and not self.transport.is_closing()
        return self._reads_head and (is_first or bool(self._head_bytes))

    @property
    def _awaits_body(self) -> bool:
        under_way = not self._is_new and not self.cycle.response_complete
        return under_way and self.cycle.more_body and not self.flow.read_paused

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why nothing more is read, unless an answer is under way, and close the connection."""
        self._is_deaf = True
        cycle, under_way = self.cycle, not self._is_new and not self.cycle.response_complete
        if self.pipeline or (under_way and cycle.response_started):
            self.transport.abort()
            return
        if under_way:
            if not cycle.more_body:
                cycle.keep_alive = False  # what it asked for is complete, and gets its answer
                return
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.write(_REFUSAL % (status, status.phrase.encode()))
        self.transport.close()


_OK = b"HTTP/1.1 200 OK\r\n%bcontent-length: 0\r\n%b\r\n"
_CLOSE = b"connection: close\r\n"
_REFUSAL = b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
