"""Stores what people write back before it is answered, evaluates it, and queues it for Botpress."""

from outbound_campaigns.incoming.replies.applying import REPLIES_AT_ONCE, ReplyTerms, apply_some
from outbound_campaigns.incoming.replies.forward_queue import (
    ReplyInLine,
    answered,
    first_in_line,
    waiting_and_lost,
)
from outbound_campaigns.incoming.replies.storing import PostedReply, has_received, store

__all__ = [
    "REPLIES_AT_ONCE",
    "PostedReply",
    "ReplyInLine",
    "ReplyTerms",
    "answered",
    "apply_some",
    "first_in_line",
    "has_received",
    "store",
    "waiting_and_lost",
]
