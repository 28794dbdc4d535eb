"""Delivery receipts: checked, stored before they are answered, applied right after."""

from outbound_campaigns.receipts.applying import MOST, apply_some
from outbound_campaigns.receipts.reading import Told, Unreadable, read_receipt
from outbound_campaigns.receipts.signature import Refused, must_be_signed
from outbound_campaigns.receipts.storing import Commits, store, turn_away

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
