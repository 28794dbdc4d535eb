"""Caches answers for a while; each is asked for by one thread at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass(slots=True)
class _Entry(Generic[Answer]):
    """One answer, locked while it is asked for; None until then."""

    asking: threading.Lock = field(default_factory=threading.Lock)
    answer: Answer | None = None
    good_until: float = 0.0
    missed_at: float = float("-inf")


class AnswerCache(Generic[Answer]):
    """A cache of the latest `most` answers by key; `elapsed` is a clock in seconds that never goes back."""

    def __init__(self, elapsed: Callable[[], float], most: int) -> None:
        self._elapsed = elapsed
        self._most = most
        self._entries: OrderedDict[Hashable, _Entry[Answer]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, ask: Callable[[], tuple[Answer, float]]) -> Answer:
        """Return the cached answer, or ask: `ask` returns an answer and the time until which it is good.

        Threads that want the same key meanwhile wait for it. An exception of `ask` reaches the thread that
        asked, and the next in line asks again.
        """
        entry = self._entry(key)
        with entry.asking:
            if entry.answer is None or self._elapsed() >= entry.good_until:
                entry.answer, entry.good_until = ask()
            return entry.answer

    def peek(self, key: Hashable, grace: float = 0.0) -> Answer | None:
        """Return the answer while it is good; None when `get` would ask, or wait for a thread that asks.

        For `grace` seconds more, only the first caller gets None, who is to ask; others need not wait for it.
        """
        entry, now = self._entries.get(key), self._elapsed()
        if entry is None or entry.answer is None:
            return None
        is_asked_for = now < entry.good_until + grace and now - entry.missed_at < grace
        if now < entry.good_until or is_asked_for:
            return entry.answer
        entry.missed_at = now
        return None

    def latest(self, key: Hashable) -> Answer | None:
        """Return the latest answer, however old; None where there never was one."""
        entry = self._entries.get(key)
        return None if entry is None else entry.answer

    def _entry(self, key: Hashable) -> _Entry[Answer]:
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            if len(self._entries) > self._most:
                self._entries.popitem(last=False)
            return entry
