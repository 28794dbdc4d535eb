"""Ends the claims of workers that will not report on them: what may have left turns in doubt.

What certainly has not, since it lies beyond its worker's departure mark, goes back to pending.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows, spending, transitions
from outbound_campaigns.campaigns.counting import State, Tally
from outbound_campaigns.database.copy_mark import InstanceMark
from outbound_campaigns.database.models import Attempt, Campaign, DepartureMark, Recipient
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import RecipientEvent, RecipientStatus, recipient_after
from outbound_campaigns.domain.outcome import CONSEQUENCES, OutcomeKind
from outbound_campaigns.sending import departure_marks
from outbound_campaigns.sending.batch_limits import extend
from outbound_campaigns.sending.window import BatchWindow

WORKER_LOST = "worker_lost"
_CHUNK = 500


class _Claim(NamedTuple):
    """A claimed row; `slot` is None where it is not known."""

    recipient_id: int
    attempt: int
    worker: str | None
    slot: float | None

    def has_left(self, marks: Mapping[str, float]) -> bool:
        """Return False where it certainly has not: it lies beyond its worker's mark, which is closed."""
        return self.slot is None or self.slot <= marks.get(self.worker or "", math.inf)


def abandon_others(database: Database, worker: str) -> int:
    """End all that other workers claimed, as an engine taking over does. Returns how many rows."""
    theirs = sa.or_(Recipient.claimed_by != worker, Recipient.claimed_by.is_(None))
    return _take_over(database, theirs, DepartureMark.worker != worker)


def abandon_of(database: Database, workers: Collection[str]) -> int:
    """End all that these dead workers had claimed. Returns how many rows."""
    return _take_over(database, Recipient.claimed_by.in_(workers), DepartureMark.worker.in_(workers))


def abandon_expired(database: Database, request_timeout: float) -> int:
    """Put in doubt the rows whose answer is overdue (`request_timeout` in seconds). Returns how many."""
    now = database.read_clock()
    return _abandon(database, Recipient.claimed_until < now - timedelta(seconds=request_timeout), {})


def doubt_all(database: Database) -> int:
    """Put in doubt all that is claimed: a restored copy's marks may be older than what has left."""
    return _abandon(database, sa.true(), {})


def _take_over(database: Database, theirs: sa.ColumnElement[bool], marks: sa.ColumnElement[bool]) -> int:
    with database.write() as session:
        closed = departure_marks.close(session, marks, database.now(session))
    ended = _abandon(database, theirs, closed)
    if closed:
        with database.write() as session:
            departure_marks.forget(session, closed)
    return ended


def _abandon(database: Database, which: sa.ColumnElement[bool], marks: Mapping[str, float]) -> int:
    claimed = sa.and_(Recipient.status == RecipientStatus.SENDING, which)
    ended = 0
    with database.read() as session:
        # No DISTINCT: with it SQLite would walk through the index of every recipient.
        ids = set(session.execute(sa.select(Recipient.campaign_id).where(claimed)).scalars())
    for campaign_id in sorted(ids):
        while chunk := _abandon_some(database, campaign_id, claimed, marks):
            ended += chunk
    return ended


def _abandon_some(
    database: Database, campaign_id: int, claimed: sa.ColumnElement[bool], marks: Mapping[str, float]
) -> int:
    with database.write() as session:
        campaign = campaign_rows.get(session, campaign_id, lock=True)
        now = database.now(session)
        claims = _some(session, campaign_id, claimed)
        if marks and InstanceMark(database).held_in(session):
            marks = {}  # after a failover, they may be older than what has left
        left = [claim for claim in claims if claim.has_left(marks)]
        _end(session, campaign, left, _LOST, now)
        _end(session, campaign, [claim for claim in claims if not claim.has_left(marks)], _NOT_BEGUN, now)
        transitions.finish_if_done(session, campaign_id, now)
        return len(claims)


def _some(session: Session, campaign_id: int, claimed: sa.ColumnElement[bool]) -> Sequence[_Claim]:
    query = (
        sa.select(Recipient.id, Recipient.last_attempt, Recipient.claimed_by, Attempt.slot)
        .outerjoin(
            Attempt,
            sa.and_(Attempt.recipient_id == Recipient.id, Attempt.number == Recipient.last_attempt),
        )
        .where(Recipient.campaign_id == campaign_id, claimed)
    )
    rows = session.execute(query.order_by(Recipient.id).limit(_CHUNK).with_for_update(of=Recipient))
    return [_Claim(*row) for row in rows]


class _Ending(NamedTuple):
    """How a claim ends that its worker does not report on."""

    event: RecipientEvent
    outcome: OutcomeKind
    code: str | None


_LOST = _Ending(RecipientEvent.LOSE, OutcomeKind.IN_DOUBT, WORKER_LOST)
_NOT_BEGUN = _Ending(RecipientEvent.POSTPONE, OutcomeKind.NOT_BEGUN, None)


def _end(
    session: Session, campaign: Campaign, claims: Sequence[_Claim], ending: _Ending, now: datetime
) -> None:
    if not claims:
        return
    consequence = CONSEQUENCES[ending.outcome]
    _write(session, [claim[:2] for claim in claims], ending, now)
    tally, after = Tally(), recipient_after(RecipientStatus.SENDING, ending.event)
    tally.move(State(RecipientStatus.SENDING), State(after, ending.code), len(claims))
    tally.keep(session, campaign, now)
    spending.settle(session, campaign, [(consequence.charge, claim[:2]) for claim in claims])
    at = now.timestamp()
    window = BatchWindow.of(campaign, at)
    if ending is _LOST:
        # Nobody knows whether and when they left, so each counts as sent now, under every limit.
        window = window.sent([at] * len(claims))
        campaign.batch_limits = extend(campaign.batch_limits, [(-math.inf, at)])
    else:
        window = window.not_sent(claim.slot for claim in claims if claim.slot is not None)
    campaign.window = window.dump(at)
    session.flush()


def _write(session: Session, keys: Sequence[tuple[int, int]], ending: _Ending, now: datetime) -> None:
    ids = [recipient_id for recipient_id, _ in keys]
    is_in_doubt = ending is _LOST
    change(
        session,
        sa.update(Recipient)
        .where(Recipient.id.in_(ids))
        .values(
            status=recipient_after(RecipientStatus.SENDING, ending.event),
            attempts=Recipient.attempts + int(CONSEQUENCES[ending.outcome].counted),
            claimed_by=None,
            claimed_until=None,
            error_code=ending.code,
            error_detail=None,
            updated_at=now,
        ),
    )
    change(
        session,
        sa.update(Attempt)
        # SQLite only uses the key if its first column has a condition of its own.
        .where(Attempt.recipient_id.in_(ids), sa.tuple_(Attempt.recipient_id, Attempt.number).in_(keys))
        # An answer may still come to one in doubt.
        .values(outcome=ending.outcome, code=ending.code, **({} if is_in_doubt else {"answered_at": now})),
    )
