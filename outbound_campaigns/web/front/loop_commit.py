"""Commits what many requests of an event loop bring at the same time in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

LONGEST_GATHER, ENOUGH = 0.15, 128
"""seconds for which more may come before a transaction begins, and items that do not wait for more"""

QUIET_GAPS = 5
"""A gap of so many usual ones says that no more will come for now.

A client with few connections sends nothing more before it has its answers.
"""

SHORTEST_GAP, LONGEST_GAP = 0.002, 0.02
"""seconds for which nothing has to come at least, and at most, before a transaction begins"""

ITEMS_AT_ONCE = 500
"""most items in one transaction"""

MOST_WAITING = 5000
"""items that wait for their transaction; those beyond are refused"""

Item = TypeVar("Item")
Done = Callable[[Exception | None], None]
"""is called when an item is committed, or with what kept it from that"""


class QueueFull(Exception):
    """Raised when too much waits to be committed."""


class LoopCommit(Generic[Item]):
    """Belongs to one event loop; `write` commits items, and does not hold up the loop."""

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[Item, Done]] = []
        self._committing: asyncio.Task[None] | None = None
        self._first_at = self._latest_at = 0.0
        """when those that wait came, on the loop's clock"""

    def add(self, item: Item, done: Done) -> None:
        """Add an item; `done` is called on the loop. Raises QueueFull."""
        if len(self._waiting) >= MOST_WAITING:
            raise QueueFull
        loop = asyncio.get_running_loop()
        self._latest_at = loop.time()
        if not self._waiting:
            self._first_at = self._latest_at
        self._waiting.append((item, done))
        if self._committing is None:
            self._committing = loop.create_task(self._commit_all())

    async def put(self, item: Item) -> None:
        """Add an item, and return when it is committed. Raises QueueFull, and what `write` raised for it."""
        committed = asyncio.get_running_loop().create_future()

        def done(error: Exception | None) -> None:
            if committed.done():  # its request was given up
                return
            if error is None:
                committed.set_result(None)
            else:
                committed.set_exception(error)

        self.add(item, done)
        await committed

    async def _commit_all(self) -> None:
        while self._waiting:
            await self._gather()
            batch, self._waiting = self._waiting[:ITEMS_AT_ONCE], self._waiting[ITEMS_AT_ONCE:]
            self._first_at = self._latest_at
            error: Exception | None = None
            try:
                await self._write([item for item, _ in batch])
            except Exception as failure:
                error = failure
            for _, done in batch:
                done(error)
        self._committing = None

    async def _gather(self) -> None:
        """Wait until there are enough, no more seem to come, or the first has waited for long enough."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(SHORTEST_GAP)
        while (count := len(self._waiting)) < ENOUGH:
            usual = (self._latest_at - self._first_at) / (count - 1) if count > 1 else LONGEST_GAP
            quiet = min(max(QUIET_GAPS * usual, SHORTEST_GAP), LONGEST_GAP)
            left = min(self._latest_at + quiet, self._first_at + LONGEST_GATHER) - loop.time()
            if left <= 0:
                return
            await asyncio.sleep(left)
