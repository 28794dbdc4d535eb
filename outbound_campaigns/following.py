"""Rows that follow their campaign in short chunks: cancelled with it, or brought back to be sent again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns import campaigns
from outbound_campaigns.counting import State, Tally
from outbound_campaigns.lifecycle import RecipientEvent, RecipientStatus, recipient_after
from outbound_campaigns.models import Campaign, Recipient


def cancel_some(session: Session, campaign_id: int, now: datetime, limit: int) -> int:
    """Turn up to `limit` pending rows of a cancelled campaign to cancelled; how many."""
    campaign = campaigns.get(session, campaign_id, lock=True)
    pending = Recipient.status == RecipientStatus.PENDING
    return _move_rows(session, campaign, RecipientEvent.CANCEL, pending, now, limit)


def retry_some(session: Session, campaign_id: int, now: datetime, limit: int) -> int:
    """Bring up to `limit` failed rows back to pending; how many. With none left, the retry has ended."""
    campaign = campaigns.get(session, campaign_id, lock=True)
    failed = sa.and_(
        Recipient.status == RecipientStatus.FAILED, Recipient.failed_at <= campaign.retry_failed_before
    )
    fresh = {"attempts": 0, "error_code": None, "error_detail": None, "failed_at": None}
    moved = _move_rows(
        session, campaign, RecipientEvent.RETRY, failed, now, limit, next_attempt_at=now, **fresh
    )
    if moved == 0:
        campaigns.update(session, campaign_id, retry_failed_before=None)
        campaigns.conclude(session, campaign_id, now)
    return moved


def _move_rows(
    session: Session,
    campaign: Campaign,
    event: RecipientEvent,
    which: sa.ColumnElement[bool],
    now: datetime,
    limit: int,
    **values: object,
) -> int:
    some = (
        sa.select(Recipient.id, Recipient.status, Recipient.error_code)
        .where(Recipient.campaign_id == campaign.id, which)
        .order_by(Recipient.id)
    )
    rows = session.execute(some.limit(limit).with_for_update()).all()
    tally = Tally()
    for _, status, code in rows:
        before = RecipientStatus(status)
        tally.move(State(before, code), State(recipient_after(before, event)))
    if rows:
        after = recipient_after(RecipientStatus(rows[0].status), event)
        session.execute(
            sa.update(Recipient)
            .where(Recipient.id.in_([row.id for row in rows]))
            .values(status=after, updated_at=now, **values),
            execution_options={"synchronize_session": False},
        )
        tally.keep(session, campaign, now)
        session.flush()
    return len(rows)
