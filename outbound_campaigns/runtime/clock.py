"""The clock that the sending and the engine live by."""

import asyncio
import time
from collections import deque
from typing import NamedTuple, Protocol


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


class Offset(NamedTuple):
    """How far the database's clock is ahead of the elapsed clock, in seconds: between these two."""

    least: float
    most: float


class WallOffset:
    """The offset, learnt from readings of the database's clock between two of the elapsed clock.

    Each reading says between which bounds it lies, the closer the quicker it was. The latest are true
    together, unless a clock was set meanwhile, or drifts.
    """

    _LATEST = 32

    def __init__(self) -> None:
        self._latest: deque[Offset] = deque(maxlen=self._LATEST)

    def after(self, before: float, wall: float, after: float) -> Offset:
        """The offset, with one more reading: the elapsed clock's before and after the database's."""
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
