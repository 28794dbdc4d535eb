"""Stores delivery receipts before they are answered, and applies them right after."""

from outbound_campaigns.incoming.receipts.applying import RECEIPTS_AT_ONCE, apply_some
from outbound_campaigns.incoming.receipts.storing import OTHER_NUMBER, store, turn_away

__all__ = ["OTHER_NUMBER", "RECEIPTS_AT_ONCE", "apply_some", "store", "turn_away"]
