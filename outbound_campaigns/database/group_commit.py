"""Writes what several threads bring at the same time in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

ITEMS_AT_ONCE = 200
"""items in one transaction"""


Item = TypeVar("Item")


class GroupCommit(Generic[Item]):
    """Writes what several threads bring at the same time in one transaction; each waits for its own.

    Whoever comes first writes for all who wait by then, and hands the next turn to one of those who came
    meanwhile: no thread of our own, and nobody writes for others for ever.
    """

    def __init__(self, write: Callable[[Sequence[Item]], None], most: int = ITEMS_AT_ONCE) -> None:
        self._write = write
        self._most = most
        self._lock = threading.Lock()
        self._waiting: list[_Entry[Item]] = []
        self._taken = False

    def put(self, item: Item) -> None:
        """Return when the item is committed; raises what `write` raised for its batch."""
        entry = _Entry(item)
        with self._lock:
            self._waiting.append(entry)
            entry.leads, self._taken = not self._taken, True
        if not entry.leads:
            entry.call.acquire()
        if entry.leads:
            self._lead()
        if entry.error is not None:
            raise entry.error

    def _lead(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        error: Exception | None = None
        try:
            self._write([entry.item for entry in batch])
        except Exception as failure:
            error = failure
        with self._lock:
            successor = self._waiting[0] if self._waiting else None
            self._taken = successor is not None
        if successor is not None:
            successor.leads = True
            successor.call.release()
        for entry in batch:
            entry.error = error
            entry.call.release()


class _Entry(Generic[Item]):
    def __init__(self, item: Item) -> None:
        self.item = item
        self.leads = False
        self.error: Exception | None = None
        # Taken until the entry is called; an Event would be the same with three times the work.
        self.call = threading.Lock()
        self.call.acquire()
