"""Hears the signals that ask a process to end: however often they come, they can't break its end.

No handler takes a lock, since a signal may come while the same thread holds it. All handlers stay until the
process is gone: Python's event loops would put the system's own in their place, which kill.
"""

from __future__ import annotations

import asyncio
import os
import select
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""the last one for a terminal that is closed"""


def call_when_asked_to_end(stop: Callable[[], object]) -> None:
    """Have the running event loop call `stop` at each of SIGNALS. To be called in the main thread."""
    loop = asyncio.get_running_loop()

    def heard(_number: int, _frame: FrameType | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: the end is near anyway
            loop.call_soon_threadsafe(stop)

    for number in SIGNALS:
        signal.signal(number, heard)


class EndRequest:
    """Waits for one of SIGNALS in a process without an event loop, from when it is made on."""

    def __init__(self) -> None:
        self._heard, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, lambda _number, _frame: None)

    def wait(self, seconds: float) -> bool:
        """Wait so long for a signal. Returns whether one has come, now or before."""
        return bool(select.select([self._heard], [], [], seconds)[0])

    def hear_no_more(self) -> None:
        """Let no further signal change how the process ends: its work is done."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
