"""Runs the WSGI application for requests of the event loop, on a few threads.

No thread waits for a client: the body has come before the application is called, and while an answer is
being taken, slowly perhaps, its next part is only made when the last has gone.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from io import SEEK_END, BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from outbound_campaigns.web.front.environ import Environ, environ_of
from outbound_campaigns.web.front.exchange import CLOSE, ClientGone, Exchange, Overloaded, Room
from outbound_campaigns.web.front.spooling import spool
from outbound_campaigns.web.root_path import Wsgi

LARGEST_BODY = 1_000_000
"""bytes of a body that are held in memory"""

MOST_READ = 50_000_000
"""bytes of bodies that are held while the rest of them comes; beyond, the next are answered with 503"""

MOST_WAITING = 64
"""requests that wait for a thread; those beyond are answered with 503 at once"""

LONGEST_LINGER = 2.0
"""seconds for which a client may go on sending after an answer that did not wait for its body"""

_ENOUGH = 1 << 18
"""bytes of an answer that are made before they go out"""

log = logging.getLogger(__name__)


class Bridge:
    """An application behind so many threads; see the module.

    `longest_upload` returns for an environ how many bytes of a body beyond LARGEST_BODY the application
    would read, none for whoever may not upload; such bodies go into a file in `folder` first.
    """

    def __init__(
        self, wsgi: Wsgi, threads: int, longest_upload: Callable[[Environ], int], folder: Path
    ) -> None:
        self._wsgi = wsgi
        self._longest_upload = longest_upload
        self._folder = folder
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._most = threads + MOST_WAITING
        self._waiting = 0
        self.room = Room(MOST_READ)

    async def serve(
        self,
        exchange: Exchange,
        body: bytes | None = None,
        extra: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Answer a request, whose body may have been read already; `extra` goes into its environ."""
        try:
            if body is None:
                is_small = (exchange.length or 0) <= LARGEST_BODY
                body = await exchange.read_all(LARGEST_BODY, self.room) if is_small else b""
            environ = {**environ_of(exchange.scope), **extra}
            with await self._input(exchange, environ, body) as file:
                await self._answer(exchange, environ | {"wsgi.input": file})
        except ClientGone:
            return
        except Overloaded:
            await exchange.turn_away()
        except Exception as error:
            log.exception("a request could not be served: %s", type(error).__name__)
            if not exchange.is_answered:
                await exchange.answer(HTTPStatus.INTERNAL_SERVER_ERROR, CLOSE)

    async def _input(self, exchange: Exchange, environ: Environ, body: bytes) -> IO[bytes]:
        """Return the body as the application reads it: only its beginning if it will refuse the rest."""
        file: IO[bytes] = BytesIO(body)
        if exchange.has_more:
            most = await self._first(lambda: self._longest_upload(environ | {"wsgi.input": file}))
            if (exchange.length or LARGEST_BODY) <= most:
                file = await spool(exchange, body, most, self._folder)
        if not exchange.has_more:
            environ["CONTENT_LENGTH"] = str(file.seek(0, SEEK_END))
            environ.pop("HTTP_TRANSFER_ENCODING", None)
        file.seek(0)
        return file

    async def _answer(self, exchange: Exchange, environ: Environ) -> None:
        call = _Call(self._wsgi, environ)
        try:
            part = await self._first(call.begin)
            await exchange.begin(call.status, [*call.fields, *([CLOSE] if exchange.has_more else [])])
            if not call.is_over:
                with exchange.watched() as gone:
                    while not call.is_over and not gone.done():
                        await exchange.go_on(part)
                        part = await self._in_thread(call.go_on)
            if exchange.has_more:
                await self._linger(exchange, part)
            else:
                await exchange.end(part)
        finally:
            if not call.is_over:
                # Not awaited, since this task may have been cancelled.
                self._pool.submit(call.end)

    async def _linger(self, exchange: Exchange, part: bytes) -> None:
        """End an answer after a while: closed at once, the system might drop what the client has not read."""
        await exchange.go_on(part)
        with suppress(TimeoutError, ClientGone):
            async with asyncio.timeout(LONGEST_LINGER):
                while await exchange.read():
                    pass
        await exchange.end(b"")

    async def _first(self, work: Callable[[], Any]) -> Any:
        if self._waiting >= self._most:
            raise Overloaded
        self._waiting += 1
        try:
            return await self._in_thread(work)
        finally:
            self._waiting -= 1

    async def _in_thread(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


class _Call:
    """One run of the application, whose steps may be taken by different threads, one after the other."""

    def __init__(self, wsgi: Wsgi, environ: Environ) -> None:
        self._wsgi, self._environ = wsgi, environ
        # Flask's contexts must be left in the context in which they were entered.
        self._context = contextvars.copy_context()
        self._result: Iterable[bytes] = ()
        self._parts: Iterator[bytes] = iter(())
        self.status = HTTPStatus.INTERNAL_SERVER_ERROR.value
        self.fields: list[tuple[bytes, bytes]] = []
        self.is_over = False

    def begin(self) -> bytes:
        """Call the application. Returns the first part of its answer."""
        return self._context.run(self._begin)

    def go_on(self) -> bytes:
        """Return the next part of the answer."""
        return self._context.run(self._collect)

    def end(self) -> None:
        """Close the answer, whatever is left of it."""
        self._context.run(self._close)

    def _begin(self) -> bytes:
        self._result = self._wsgi(self._environ, self._start)
        self._parts = iter(self._result)
        return self._collect()

    def _start(self, status: str, fields: Iterable[tuple[str, str]], _error: object = None) -> None:
        self.status = int(status.split(" ", 1)[0])
        self.fields = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fields]

    def _collect(self) -> bytes:
        parts, size = [], 0
        for part in self._parts:
            parts.append(part)
            size += len(part)
            if size >= _ENOUGH:
                return b"".join(parts)
        self._close()
        return b"".join(parts)

    def _close(self) -> None:
        self.is_over = True
        close = getattr(self._result, "close", None)
        if close is not None:
            close()
