"""Commits what several threads write at the same time in one transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

ITEMS_AT_ONCE = 200
"""most items in one transaction"""


Item = TypeVar("Item")


class GroupCommit(Generic[Item]):
    """Writes the items of several threads in one transaction; each thread waits for its own.

    The first thread to come writes for all that wait by then, and hands over to one of those that came
    meanwhile: there is no extra thread, and no thread writes for others forever.
    """

    def __init__(self, write: Callable[[Sequence[Item]], None], most: int = ITEMS_AT_ONCE) -> None:
        self._write = write
        self._most = most
        self._lock = threading.Lock()
        self._waiting: list[_Entry[Item]] = []
        self._taken = False

    def put(self, item: Item) -> None:
        """Add an item, and return when it is committed; raises what `write` raised for its batch."""
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
        # Held until the entry is called; an Event would do the same with three times the work.
        self.call = threading.Lock()
        self.call.acquire()
