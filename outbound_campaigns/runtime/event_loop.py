"""The event loop of the processes that have one, and how it shares Python with threads."""

from __future__ import annotations

import asyncio
import sys
from importlib.util import find_spec

_TURN = 0.0005
"""seconds that a computing thread keeps Python to itself while others want it; a tenth of the default"""


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return a loop of uvloop where that runs, else of asyncio."""
    if find_spec("uvloop") is None:
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()


def take_short_turns() -> None:
    """Let no computing thread hold up the loop for long: each of its steps may have to wait for a turn."""
    sys.setswitchinterval(_TURN)
