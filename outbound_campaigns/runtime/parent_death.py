"""Ends a process together with its parent, even if the parent is killed and can't signal it."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Mapping

VARIABLE = "OUTBOUND_PARENT"
"""set by a parent that wants its children to end with it, to its process id"""

_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of prctl(2), which Linux alone has"""


def end_with_parent(environ: Mapping[str, str] = os.environ) -> None:
    """Ask for a SIGTERM when the parent dies; does nothing if VARIABLE is not set, or not on Linux."""
    parent = environ.get(VARIABLE)
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if not parent or prctl is None:
        return
    prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
    if str(os.getppid()) != parent:
        # The parent died before we could ask.
        os.kill(os.getpid(), signal.SIGTERM)
