"""Keeps connections to one address, and ends requests that take too long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from outbound_campaigns.vonage.posting.connection import Connection, Response
from outbound_campaigns.vonage.posting.dialing import Dialer

_IDLE = 15.0
"""seconds after which an unused connection is no longer used"""

_CLOSING = 1.0
"""seconds"""

_SWEEP = 0.05
"""seconds between two looks at what is under way: one timer for all is cheaper than one for each"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in seconds: until a connection is there, until the next bytes come, and for both together."""

    connect: float
    read: float

    @property
    def total(self) -> float:
        return self.connect + self.read


class Connections:
    """Posts over at most `most` connections; those that are idle are used again, the latest first."""

    def __init__(self, dialer: Dialer, patience: Patience, most: int) -> None:
        self._dialer = dialer
        self._patience = patience
        self._room = asyncio.Semaphore(most)
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()
        self._open: set[Connection] = set()
        """all that are not lost yet, also those that are being closed"""
        self._sweeping: asyncio.Task[None] | None = None

    async def post(self, request: bytes, begin: Callable[[], None]) -> Response:
        """Post a request once; `begin` is called right before its first byte leaves, and may raise.

        Raises OSError (TimeoutError too) and HalfAnswer.
        """
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + self._patience.total
        connection = await self._take()
        self._busy.add(connection)
        self._sweep_from_now_on()
        try:
            return await connection.post(request, begin, ends_at)
        finally:
            self._busy.discard(connection)
            self._room.release()
            if connection.is_usable:
                self._idle.append(connection)
            else:
                connection.close()

    async def _take(self) -> Connection:
        """Return a connection that nobody else uses, having taken room for it."""
        if not self._room.locked() and (kept := self._kept()):
            await self._room.acquire()
            return kept
        async with asyncio.timeout(self._patience.connect):
            await self._room.acquire()
            try:
                return self._kept() or await self._open_one()
            except BaseException:
                self._room.release()
                raise

    async def _open_one(self) -> Connection:
        connection = await self._dialer.open()
        self._open.add(connection)
        connection.lost.add_done_callback(lambda _: self._open.discard(connection))
        return connection

    def _kept(self) -> Connection | None:
        now = asyncio.get_running_loop().time()
        while self._idle:
            connection = self._idle.pop()
            if now - connection.idle_since <= _IDLE and connection.is_usable:
                return connection
            connection.close()
        return None

    def _sweep_from_now_on(self) -> None:
        if self._sweeping is None:
            self._sweeping = asyncio.create_task(self._sweep())

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_SWEEP)
            now = loop.time()
            for connection in list(self._busy):
                if now > connection.ends_at or now - connection.heard_at > self._patience.read:
                    connection.give_up()
            while self._idle and now - self._idle[0].idle_since > _IDLE:
                self._idle.pop(0).close()

    async def close(self) -> None:
        """Close all connections; no request may be under way."""
        if self._sweeping is not None:
            self._sweeping.cancel()
        self._idle.clear()
        for connection in self._open:
            connection.abort()
        # The loop may end right after, and must have nothing left of them.
        if self._open:
            await asyncio.wait([connection.lost for connection in self._open], timeout=_CLOSING)
