"""Bulk changes to a campaign's recipients, a chunk per transaction: cancel, retry, resend, skip, purge."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows, retrying, skipping, spending, transitions
from outbound_campaigns.campaigns.counting import State, Tally, forget, shift_countries
from outbound_campaigns.database.models import (
    Campaign,
    CountryCount,
    ErrorCount,
    Event,
    Import,
    Recipient,
    RefusedRow,
    TestSend,
    TimelineMinute,
)
from outbound_campaigns.database.statements import change
from outbound_campaigns.domain.codes.tables import NOT_FOUND
from outbound_campaigns.domain.countries import count_countries
from outbound_campaigns.domain.lifecycle import (
    CampaignStatus,
    RecipientEvent,
    RecipientStatus,
    recipient_after,
)


def cancel_some(session: Session, campaign_id: int, now: datetime, limit: int) -> int:
    """Turn up to `limit` pending rows of a cancelled campaign to cancelled. Returns how many."""
    campaign = campaign_rows.get(session, campaign_id, lock=True)
    pending = Recipient.status == RecipientStatus.PENDING
    return _move_rows(session, campaign, RecipientEvent.CANCEL, pending, now, limit)


def retry_some(session: Session, campaign_id: int, now: datetime, limit: int) -> int:
    """Bring up to `limit` chosen failed rows back to pending. Returns how many; at 0 the retry has ended."""
    campaign = campaign_rows.get(session, campaign_id, lock=True)
    failed = retrying.chosen(campaign)
    moved = _bring_back(session, campaign, RecipientEvent.RETRY, failed, now, limit, attempts=0)
    if moved == 0:
        campaign_rows.update(session, campaign_id, retry_failed_before=None, retry_codes=None)
        transitions.finish_if_done(session, campaign_id, now)
    return moved


def resend_some(session: Session, campaign_id: int, now: datetime, limit: int) -> int:
    """Do the same as `retry_some` for the rows in doubt that Vonage's records do not know."""
    campaign = campaign_rows.get(session, campaign_id, lock=True)
    not_found = sa.and_(
        Recipient.status == RecipientStatus.IN_DOUBT,
        Recipient.error_code == NOT_FOUND,
        Recipient.updated_at <= campaign.resend_before,
    )
    moved = _bring_back(session, campaign, RecipientEvent.DENY, not_found, now, limit)
    if moved == 0:
        campaign_rows.update(session, campaign_id, resend_before=None)
        transitions.finish_if_done(session, campaign_id, now)
    return moved


def skip_some(session: Session, campaign_id: int, now: datetime, limit: int) -> int:
    """Skip up to `limit` pending rows of a campaign that has reached its spend limit. Returns how many.

    With none left, the campaign may end.
    """
    campaign = campaign_rows.get(session, campaign_id, lock=True)
    if not campaign.limit_reached or campaign.status != CampaignStatus.RUNNING:
        return 0
    pending = sa.select(Recipient.id).where(
        Recipient.campaign_id == campaign_id, Recipient.status == RecipientStatus.PENDING
    )
    some = pending.order_by(Recipient.id).limit(limit).with_for_update()
    ids = session.execute(some).scalars().all()
    if ids:
        skipping.skip(session, campaign, ids, spending.SPEND_LIMIT, now)
    else:
        campaign_rows.update(session, campaign_id, limit_reached=False)
        transitions.finish_if_done(session, campaign_id, now)
    return len(ids)


def purge_some(session: Session, campaign_id: int, _now: datetime, limit: int) -> int:
    """Delete up to `limit` rows of a hidden campaign that never started. Returns how many.

    With none left, the campaign itself is deleted.
    """
    campaign = campaign_rows.get(session, campaign_id, lock=True)
    if campaign.deleted_at is None or campaign.started_at is not None:
        return 0
    purged = _purge_recipients(session, campaign_id, limit) or _purge_refused(session, campaign_id, limit)
    if not purged:
        _purge_rest(session, campaign_id)
    return purged


def _purge_recipients(session: Session, campaign_id: int, limit: int) -> int:
    of_campaign = Recipient.campaign_id == campaign_id
    columns = (Recipient.id, Recipient.status, Recipient.error_code, Recipient.phone_number)
    some = sa.select(*columns).where(of_campaign).order_by(Recipient.id)
    rows = session.execute(some.limit(limit)).all()
    change(session, sa.delete(Recipient).where(Recipient.id.in_([row.id for row in rows])))
    forget(session, campaign_id, Counter(State(RecipientStatus(row.status), row.error_code) for row in rows))
    countries = count_countries(row.phone_number for row in rows)
    shift_countries(session, campaign_id, {country: -count for country, count in countries.items()})
    return len(rows)


def _purge_refused(session: Session, campaign_id: int, limit: int) -> int:
    key = (RefusedRow.import_id, RefusedRow.row)
    files = sa.select(Import.id).where(Import.campaign_id == campaign_id)
    some = sa.select(*key).where(RefusedRow.import_id.in_(files)).order_by(*key)
    rows = [tuple(row) for row in session.execute(some.limit(limit))]
    change(session, sa.delete(RefusedRow).where(sa.tuple_(*key).in_(rows)))
    return len(rows)


def _purge_rest(session: Session, campaign_id: int) -> None:
    paths = session.execute(sa.select(Import.path).where(Import.campaign_id == campaign_id)).scalars().all()
    for model in (Import, Event, TimelineMinute, ErrorCount, TestSend, CountryCount):
        change(session, sa.delete(model).where(model.campaign_id == campaign_id))
    change(session, sa.delete(Campaign).where(Campaign.id == campaign_id))
    for path in paths:
        Path(path).unlink(missing_ok=True)


def _bring_back(
    session: Session,
    campaign: Campaign,
    event: RecipientEvent,
    which: sa.ColumnElement[bool],
    now: datetime,
    limit: int,
    **values: object,
) -> int:
    fresh = {"error_code": None, "error_detail": None, "failed_at": None, "next_attempt_at": now, **values}
    return _move_rows(session, campaign, event, which, now, limit, **fresh)


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
        change(
            session,
            sa.update(Recipient)
            .where(Recipient.id.in_([row.id for row in rows]))
            .values(status=after, updated_at=now, **values),
        )
        tally.keep(session, campaign, now)
        session.flush()
    return len(rows)
