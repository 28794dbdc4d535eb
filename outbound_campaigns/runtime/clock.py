"""The clock that sending and the engine use, and how far the database's clock is ahead of it."""

import asyncio
import math
import time
from collections import deque
from typing import NamedTuple, Protocol


class Clock(Protocol):
    def elapsed(self) -> float:
        """Return seconds since some start; they pass while the machine is suspended, and never go back."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    def elapsed(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    async def sleep(self, seconds: float) -> None:
        # uvloop's timers are whole milliseconds: what is less would come back at once, again and again.
        await asyncio.sleep(math.ceil(seconds * 1000) / 1000)


class Offset(NamedTuple):
    """How many seconds the database's clock is ahead of the elapsed clock: between these two."""

    least: float
    most: float


class WallOffset:
    """The offset, computed from readings of the database's clock between two readings of the elapsed clock.

    Each reading gives bounds, the closer the quicker it was. The bounds of the latest readings hold together,
    unless a clock was set meanwhile, or drifts.
    """

    _LATEST = 32

    def __init__(self) -> None:
        self._latest: deque[Offset] = deque(maxlen=self._LATEST)

    def after(self, before: float, wall: float, after: float) -> Offset:
        """Add a reading of the database's clock, between two of the elapsed clock. Returns the offset."""
        reading = Offset(wall - after, wall - before)
        self._latest.append(reading)
        if self._known.least > self._known.most:
            self._latest.clear()
            self._latest.append(reading)
        return self._known

    @property
    def _known(self) -> Offset:
        least, most = zip(*self._latest, strict=True)
        return Offset(max(least), min(most))
