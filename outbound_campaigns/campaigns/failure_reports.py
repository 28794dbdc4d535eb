"""Finds out which attempts Vonage has reported as failed: whatever is older says nothing new of them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns.spending import AttemptKey
from outbound_campaigns.database.models import Receipt, ReceiptState
from outbound_campaigns.domain.lifecycle import RecipientStatus

_R = RecipientStatus
_AFTER_A_FAILURE = (_R.PENDING, _R.FAILED, _R.SKIPPED, _R.CANCELLED)
"""statuses of a recipient whose latest attempt may have been reported as failed"""


def among(session: Session, recipients: Iterable[tuple[int, str]]) -> set[AttemptKey]:
    """Return the attempts of these (id, status) for which an applied receipt reported a failure."""
    ids = [id_ for id_, status in recipients if status in _AFTER_A_FAILURE]
    if not ids:
        return set()
    query = sa.select(Receipt.recipient_id, Receipt.attempt).where(
        Receipt.recipient_id.in_(ids),
        Receipt.state == ReceiptState.APPLIED,
        Receipt.code.is_not(None),  # only a failure has one
    )
    return {(row.recipient_id, row.attempt) for row in session.execute(query)}
