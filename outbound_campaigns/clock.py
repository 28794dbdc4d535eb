"""The clock that the sending and the engine live by."""

import asyncio
import time
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
