"""Puts claimed rows that their worker will not report on in doubt, never back to pending."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows, transitions
from outbound_campaigns.campaigns.counting import State, Tally
from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import RecipientEvent, RecipientStatus, recipient_after
from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.sending.batch_limits import extend
from outbound_campaigns.sending.window import BatchWindow

WORKER_LOST = "worker_lost"
_CHUNK = 500


def abandon_others(database: Database, worker: str) -> int:
    """Put in doubt all rows that other workers claimed, as an engine taking over does. Returns how many."""
    return _abandon(database, sa.or_(Recipient.claimed_by != worker, Recipient.claimed_by.is_(None)))


def abandon_of(database: Database, workers: Collection[str]) -> int:
    """Put in doubt all rows that these dead workers had claimed. Returns how many."""
    return _abandon(database, Recipient.claimed_by.in_(workers))


def abandon_expired(database: Database, request_timeout: float) -> int:
    """Put in doubt the rows whose answer is overdue (`request_timeout` in seconds). Returns how many."""
    now = database.read_clock()
    return _abandon(database, Recipient.claimed_until < now - timedelta(seconds=request_timeout))


def _abandon(database: Database, which: sa.ColumnElement[bool]) -> int:
    claimed = sa.and_(Recipient.status == RecipientStatus.SENDING, which)
    abandoned = 0
    with database.read() as session:
        # No DISTINCT: with it SQLite would walk through the index of every recipient.
        ids = set(session.execute(sa.select(Recipient.campaign_id).where(claimed)).scalars())
    for campaign_id in sorted(ids):
        while chunk := _abandon_some(database, campaign_id, claimed):
            abandoned += chunk
    return abandoned


def _abandon_some(database: Database, campaign_id: int, claimed: sa.ColumnElement[bool]) -> int:
    with database.write() as session:
        now = database.now(session)
        campaign = campaign_rows.get(session, campaign_id, lock=True)
        query = sa.select(Recipient.id, Recipient.last_attempt).where(
            Recipient.campaign_id == campaign_id, claimed
        )
        rows = session.execute(query.order_by(Recipient.id).limit(_CHUNK).with_for_update()).all()
        if rows:
            _lose(session, campaign, [(row[0], row[1]) for row in rows], now)
            # Nobody knows whether and when they left, so each counts as sent now, under every limit.
            at = now.timestamp()
            campaign.window = BatchWindow.of(campaign, at).sent([at] * len(rows)).dump(at)
            campaign.batch_limits = extend(campaign.batch_limits, [(-math.inf, at)])
            session.flush()
        transitions.finish_if_done(session, campaign_id, now)
        return len(rows)


def _lose(session: Session, campaign: Campaign, rows: Sequence[tuple[int, int]], now: datetime) -> None:
    after = recipient_after(RecipientStatus.SENDING, RecipientEvent.LOSE)
    change(
        session,
        sa.update(Recipient)
        .where(Recipient.id.in_([id_ for id_, _ in rows]))
        .values(
            status=after,
            attempts=Recipient.attempts + 1,
            claimed_by=None,
            claimed_until=None,
            error_code=WORKER_LOST,
            updated_at=now,
        ),
    )
    change(
        session,
        sa.update(Attempt)
        # SQLite only uses the key if its first column has a condition of its own.
        .where(
            Attempt.recipient_id.in_([id_ for id_, _ in rows]),
            sa.tuple_(Attempt.recipient_id, Attempt.number).in_(rows),
        )
        .values(outcome=OutcomeKind.IN_DOUBT, code=WORKER_LOST),
    )
    tally = Tally()
    tally.move(State(RecipientStatus.SENDING), State(after, WORKER_LOST), len(rows))
    tally.keep(session, campaign, now)
