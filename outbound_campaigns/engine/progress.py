"""Notices that a process gets nothing done: all its threads wait for something that does not come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

LONGEST_WAIT = 4.0
"""seconds for which no thread may be free; with the standby's heartbeat, well below ten"""

_EACH = 0.5


class Progress:
    """Asks for a thread, again and again."""

    def __init__(
        self, in_thread: Callable[[Callable[[], Any]], Awaitable[Any]], elapsed: Callable[[], float]
    ) -> None:
        self._in_thread = in_thread
        self._elapsed = elapsed
        self._seen_at = elapsed()

    async def watch(self) -> None:
        """Ask until cancelled."""
        while True:
            await self._in_thread(_nothing)
            self._seen_at = self._elapsed()
            await asyncio.sleep(_EACH)

    @property
    def is_missing(self) -> bool:
        """Return whether no thread has been free for too long."""
        return self._elapsed() - self._seen_at > LONGEST_WAIT


def _nothing() -> None:
    return None
