"""Lets threads take short turns, in processes where one of them runs an event loop."""

import sys

_TURN = 0.0005
"""seconds that a computing thread keeps Python to itself while others want it; a tenth of the default"""


def take_short_turns() -> None:
    """Let no computing thread hold up the loop for long: each of its steps may have to wait for a turn."""
    sys.setswitchinterval(_TURN)
