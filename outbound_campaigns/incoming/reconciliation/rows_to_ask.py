"""Selects the rows that Vonage is asked about next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Attempt, Receipt, ReceiptSource, Recipient
from outbound_campaigns.domain.lifecycle import RecipientStatus

_LOOKED_AT = 500
"""rows read at once to find those without a receipt among them"""


class RowToAsk(NamedTuple):
    """A recipient's row and its latest attempt."""

    recipient_id: int
    attempt: int
    phone_number: str
    claimed_at: datetime
    message_uuid: str | None


def in_doubt(session: Session, campaign_id: int, after: int, most: int) -> Sequence[RowToAsk]:
    """Return up to `most` rows in doubt whose id is above `after`, in order of id."""
    query = (
        sa.select(
            Recipient.id,
            Recipient.last_attempt,
            Recipient.phone_number,
            Attempt.claimed_at,
            Recipient.message_uuid,
        )
        .join(
            Attempt,
            sa.and_(Attempt.recipient_id == Recipient.id, Attempt.number == Recipient.last_attempt),
        )
        .where(
            Recipient.campaign_id == campaign_id,
            Recipient.status == RecipientStatus.IN_DOUBT,
            Recipient.id > after,
        )
        .order_by(Recipient.id)
        .limit(most)
    )
    return [RowToAsk(*row) for row in session.execute(query)]


class WithoutReceipt(NamedTuple):
    """The next rows, and the id of the last row examined; None when there are no more."""

    rows: Sequence[RowToAsk]
    last: int | None


def without_receipt(
    session: Session, campaign_id: int, after: int, most: int, sent_before: datetime, since: datetime
) -> WithoutReceipt:
    """Return the next rows sent before `sent_before` that have not arrived, and have no record since `since`.

    However few there are, one call reads a bounded part of the campaign.
    """
    sent = (
        sa.select(Recipient)
        .where(
            Recipient.campaign_id == campaign_id,
            Recipient.status == RecipientStatus.SENT,
            Recipient.id > after,
        )
        .order_by(Recipient.id)
        .limit(_LOOKED_AT)
    )
    looked_at = session.execute(sent).scalars().all()
    old = [row for row in looked_at if row.message_uuid and row.sent_at and row.sent_at < sent_before]
    told = _told_since(session, [row.id for row in old], since)
    rows = [
        RowToAsk(row.id, row.last_attempt, row.phone_number, row.sent_at or row.updated_at, row.message_uuid)
        for row in old
        if row.id not in told
    ][:most]
    if len(rows) == most:
        return WithoutReceipt(rows, rows[-1].recipient_id)
    return WithoutReceipt(rows, looked_at[-1].id if looked_at else None)


def _told_since(session: Session, ids: Sequence[int], since: datetime) -> set[int]:
    """Return the ids of the rows for which Vonage has reported a record since then."""
    query = sa.select(Receipt.recipient_id).where(
        Receipt.recipient_id.in_(ids), Receipt.source == ReceiptSource.REPORT, Receipt.received_at >= since
    )
    return {row for row in session.execute(query).scalars() if row is not None} if ids else set()
