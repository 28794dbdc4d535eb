"""Commits what many requests of an event loop bring at the same time in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

GATHER, ENOUGH = 0.05, 24
"""seconds for which more may come before a transaction begins, and items that do not wait for more

A client with few connections sends nothing more before it has its answers.
"""

ITEMS_AT_ONCE = 500
"""most items in one transaction"""

MOST_WAITING = 5000
"""items that wait for their transaction; those beyond are refused"""

Item = TypeVar("Item")


class QueueFull(Exception):
    """Raised when too much waits to be committed."""


class LoopCommit(Generic[Item]):
    """Belongs to one event loop; `write` commits items, and does not hold up the loop."""

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[None]]] = []
        self._committing: asyncio.Task[None] | None = None
        self._enough = asyncio.Event()

    async def put(self, item: Item) -> None:
        """Add an item, and return when it is committed. Raises QueueFull, and what `write` raised for it."""
        if len(self._waiting) >= MOST_WAITING:
            raise QueueFull
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if len(self._waiting) >= ENOUGH:
            self._enough.set()
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        await done

    async def _commit_all(self) -> None:
        while self._waiting:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER):
                    await self._enough.wait()
            batch, self._waiting = self._waiting[:ITEMS_AT_ONCE], self._waiting[ITEMS_AT_ONCE:]
            if len(self._waiting) < ENOUGH:
                self._enough.clear()
            error: Exception | None = None
            try:
                await self._write([item for item, _ in batch])
            except Exception as failure:
                error = failure
            for _, done in batch:
                if done.done():  # its request was given up
                    continue
                if error is None:
                    done.set_result(None)
                else:
                    done.set_exception(error)
        self._committing = None
