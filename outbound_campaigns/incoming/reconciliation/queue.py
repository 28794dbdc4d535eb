"""Queues campaigns for reconciliation, and stores how far each pass has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.refusal import Refusal
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import AskingFor, Campaign, Reconciliation, ReconciliationStatus
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.request import ReconciliationNotFound
from outbound_campaigns.domain.refusals.state import NothingToReconcile, ReconciliationUnderWay

STEP_LASTS = timedelta(minutes=5)
"""after which another worker may take a step whose worker has not finished it"""

_IS_RUNNING = Reconciliation.status == ReconciliationStatus.RUNNING


class TakenByAnother(Exception):
    """The step took so long that another worker has it now; its results are discarded."""


@dataclass(frozen=True, slots=True)
class Step:
    """A pass as this worker took it; until `until` no other worker may take it."""

    reconciliation_id: int
    campaign_id: int
    bot_id: str
    account: str | None
    asking_for: AskingFor
    after_id: int
    without_receipt: bool
    requested_at: datetime
    tries: int
    until: datetime


def request(session: Session, campaign_id: int, without_receipt: bool, act: Act) -> Reconciliation:
    """Queue a pass and return it. Raises CampaignNotFound, NothingToReconcile or ReconciliationUnderWay."""
    campaign = campaign_rows.get_to_change(session, campaign_id)
    rows = campaign.in_doubt_count + (campaign.sent_count if without_receipt else 0)
    if rows == 0:
        raise NothingToReconcile
    running = sa.select(Reconciliation.id).where(Reconciliation.campaign_id == campaign_id, _IS_RUNNING)
    if session.execute(running.limit(1)).first() is not None:
        raise ReconciliationUnderWay
    added = Reconciliation(
        campaign_id=campaign_id,
        requested_at=act.at,
        requested_by=act.who,
        without_receipt=without_receipt,
        try_at=act.at,
        rows=rows,
    )
    session.add(added)
    why = {"code": "reconcile"}
    campaign_rows.record_event(session, campaign_id, "reconcile", Act(act.who, act.at, why))
    return added


def of_campaign(session: Session, campaign_id: int, reconciliation_id: int) -> Reconciliation:
    """Return one pass of a campaign. Raises ReconciliationNotFound."""
    found = session.get(Reconciliation, reconciliation_id)
    if found is None or found.campaign_id != campaign_id:
        raise ReconciliationNotFound(number=reconciliation_id)
    return found


def page(
    session: Session, campaign_id: int, *, before: int | None = None, limit: int = 50
) -> Sequence[Reconciliation]:
    """Return a campaign's passes, newest first."""
    query = sa.select(Reconciliation).where(Reconciliation.campaign_id == campaign_id)
    if before is not None:
        query = query.where(Reconciliation.id < before)
    return session.execute(query.order_by(Reconciliation.id.desc()).limit(limit)).scalars().all()


def take(database: Database) -> Step | None:
    """Take the pass that has been due for longest. Returns None if none is due, or another worker took it."""
    with database.read() as session:
        now = database.now(session)
        due = sa.select(Reconciliation.id).where(_IS_RUNNING, Reconciliation.try_at <= now)
        found = session.execute(due.order_by(Reconciliation.try_at, Reconciliation.id).limit(1)).scalar()
    if found is None:
        return None
    with database.write() as session:
        now = database.now(session)
        until = now + STEP_LASTS
        taken = (
            sa.update(Reconciliation)
            .where(Reconciliation.id == found, _IS_RUNNING, Reconciliation.try_at <= now)
            .values(try_at=until)
        )
        if not change(session, taken):
            return None
        return _step(session, found, until)


def _step(session: Session, reconciliation_id: int, until: datetime) -> Step:
    row = session.get_one(Reconciliation, reconciliation_id)
    campaign = session.get_one(Campaign, row.campaign_id)
    return Step(
        row.id,
        row.campaign_id,
        campaign.bot_id,
        campaign.account,
        AskingFor(row.asking_for),
        row.after_id,
        row.without_receipt,
        row.requested_at,
        row.tries,
        until,
    )


def keep(session: Session, step: Step, values: dict[str, Any]) -> None:
    """Store how far a step came. Raises TakenByAnother."""
    mine = sa.and_(Reconciliation.id == step.reconciliation_id, Reconciliation.try_at == step.until)
    statement = sa.update(Reconciliation).where(mine, _IS_RUNNING).values(**values)
    if not change(session, statement):
        raise TakenByAnother


def fail(database: Database, step: Step, refusal: Refusal) -> None:
    """Mark a pass as failed, for a reason that trying again would not remove."""
    with database.write() as session:
        now = database.now(session)
        error = {"code": refusal.code, **refusal.values}
        keep(session, step, {"status": ReconciliationStatus.FAILED, "error": error, "finished_at": now})
