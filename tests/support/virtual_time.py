"""An event loop whose time is a number: an hour passes on it in no time."""

from __future__ import annotations

import asyncio
import selectors
from typing import Any


class VirtualTime(selectors.DefaultSelector):
    """A selector that does not wait: it moves the clock on."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everything waits for something that never comes")
        self.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on which an hour passes in no time, always in the same way."""

    def __init__(self) -> None:
        self.virtual = VirtualTime()
        super().__init__(self.virtual)

    def time(self) -> float:
        return self.virtual.now
