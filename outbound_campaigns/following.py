"""Rows that follow their campaign in short chunks: cancelled with it, or brought back to be sent again."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns import campaigns
from outbound_campaigns.lifecycle import RecipientEvent, RecipientStatus, recipient_after
from outbound_campaigns.models import Recipient


def cancel_some(session: Session, campaign_id: int, now: datetime, limit: int) -> int:
    """Turn up to `limit` pending rows of a cancelled campaign to cancelled; how many."""
    campaigns.get(session, campaign_id, lock=True)
    pending = Recipient.status == RecipientStatus.PENDING
    return _move_rows(session, campaign_id, RecipientEvent.CANCEL, pending, limit, updated_at=now)


def retry_some(session: Session, campaign_id: int, now: datetime, limit: int) -> int:
    """Bring up to `limit` failed rows back to pending; how many. With none left, the retry has ended."""
    campaign = campaigns.get(session, campaign_id, lock=True)
    failed = sa.and_(
        Recipient.status == RecipientStatus.FAILED, Recipient.failed_at <= campaign.retry_failed_before
    )
    fresh = {"attempts": 0, "error_code": None, "error_detail": None, "failed_at": None}
    moved = _move_rows(
        session,
        campaign_id,
        RecipientEvent.RETRY,
        failed,
        limit,
        updated_at=now,
        next_attempt_at=now,
        **fresh,
    )
    if moved == 0:
        campaigns.update(session, campaign_id, retry_failed_before=None)
        campaigns.conclude(session, campaign_id, now)
    return moved


def _move_rows(
    session: Session,
    campaign_id: int,
    event: RecipientEvent,
    which: sa.ColumnElement[bool],
    limit: int,
    **values: object,
) -> int:
    (source, target), *_ = [(s, recipient_after(s, event)) for s in RecipientStatus if _changes(s, event)]
    some = sa.select(Recipient.id).where(Recipient.campaign_id == campaign_id, which).order_by(Recipient.id)
    ids = session.execute(some.limit(limit).with_for_update()).scalars().all()
    moved = campaigns.rowcount(
        session.execute(
            sa.update(Recipient)
            .where(Recipient.id.in_(ids), Recipient.status == source)
            .values(status=target, **values),
            execution_options={"synchronize_session": False},
        )
    )
    campaigns.shift_counts(session, campaign_id, {source: -moved, target: moved})
    return moved


def _changes(status: RecipientStatus, event: RecipientEvent) -> bool:
    return recipient_after(status, event) != status
