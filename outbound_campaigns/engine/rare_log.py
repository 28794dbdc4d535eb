"""Decides when what goes on and on is logged: at once, then rarely, and once when it is over."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable

AGAIN = 300.0
"""seconds until what goes on is told of again"""


class RareLog:
    """Remembers what this process has told; `elapsed` is in seconds."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._told_at: dict[tuple[Hashable, Hashable], float] = {}

    def is_due(self, subject: Hashable, what: Hashable) -> bool:
        """Return whether to tell that this happens to a subject, and take it for told."""
        key, now = (subject, what), self._elapsed()
        if now - self._told_at.get(key, float("-inf")) < AGAIN:
            return False
        self._told_at[key] = now
        return True

    def is_over(self, subject: Hashable) -> bool:
        """Return whether something was told of a subject, and forget it."""
        told = [key for key in self._told_at if key[0] == subject]
        for key in told:
            del self._told_at[key]
        return bool(told)
