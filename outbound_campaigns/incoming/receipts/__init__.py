"""Delivery receipts: checked, stored before they are answered, applied right after."""

from outbound_campaigns.incoming.receipts.applying import MOST, apply_some
from outbound_campaigns.incoming.receipts.storing import Commits, store, turn_away
from outbound_campaigns.vonage.receipt_body import Told, Unreadable, read_receipt
from outbound_campaigns.vonage.webhook_signature import Refused, must_be_signed

__all__ = [
    "MOST",
    "Commits",
    "Refused",
    "Told",
    "Unreadable",
    "apply_some",
    "must_be_signed",
    "read_receipt",
    "store",
    "turn_away",
]
