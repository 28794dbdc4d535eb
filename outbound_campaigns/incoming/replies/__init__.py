"""What people write back: stored before it is answered, looked at, and handed on to Botpress."""

from outbound_campaigns.incoming.replies.applying import MOST, Terms, apply_some
from outbound_campaigns.incoming.replies.forward_queue import (
    InLine,
    answered,
    first_in_line,
    waiting_and_lost,
)
from outbound_campaigns.incoming.replies.storing import Posted, store

__all__ = [
    "MOST",
    "InLine",
    "Posted",
    "Terms",
    "answered",
    "apply_some",
    "first_in_line",
    "store",
    "waiting_and_lost",
]
