"""The clock that the sending and the engine live by."""

import asyncio
import time
from collections import deque
from typing import Protocol


class Clock(Protocol):
    def elapsed(self) -> float:
        """Seconds since some start, also while the machine is suspended; never set back."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def elapsed(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class WallOffset:
    """How far the database's clock is ahead of the elapsed clock, in seconds.

    Between reading the one and the other time passes, now more and now less: the least of the
    latest differences is the best. One that differs by much says that a clock was set.
    """

    _MOST = 0.5

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=32)

    def after(self, elapsed: float, wall: float) -> float:
        """The offset, a reading of both clocks (the elapsed one first) included."""
        offset = wall - elapsed
        if self._latest and abs(offset - min(self._latest)) > self._MOST:
            self._latest.clear()
        self._latest.append(offset)
        return min(self._latest)
