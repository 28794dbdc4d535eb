"""Stores what people write back before it is answered, evaluates it, and queues it for Botpress."""

from outbound_campaigns.incoming.replies.applying import REPLIES_AT_ONCE, ReplyTerms, apply_some
from outbound_campaigns.incoming.replies.forward_queue import (
    ReplyInLine,
    answered,
    first_in_line,
    is_taken,
    waiting_and_lost,
)
from outbound_campaigns.incoming.replies.outages import Outage, first_held_up, let_go, outage_of
from outbound_campaigns.incoming.replies.storing import PostedReply, has_received, store

__all__ = [
    "REPLIES_AT_ONCE",
    "Outage",
    "PostedReply",
    "ReplyInLine",
    "ReplyTerms",
    "answered",
    "apply_some",
    "first_held_up",
    "first_in_line",
    "has_received",
    "is_taken",
    "let_go",
    "outage_of",
    "store",
    "waiting_and_lost",
]
