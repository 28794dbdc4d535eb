"""A campaign's due rows: takes them for one worker, in their order, and finds out when the next is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

from outbound_campaigns.campaigns import canary
from outbound_campaigns.database.base import Instant
from outbound_campaigns.database.models import Campaign, Recipient
from outbound_campaigns.database.statements import change_returning
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.sending.slice import CLAIM_LASTS


class ClaimedRow(NamedTuple):
    """A row as it is right after the claim."""

    next_attempt_at: datetime
    id: int
    last_attempt: int
    phone_number: str
    phone_key: str
    variables: dict[str, str]


def take(session: Session, campaign: Campaign, most: int, worker: str, now: datetime) -> list[ClaimedRow]:
    """Claim due rows, and return them in their order."""
    follow_the_index(session)
    values = {
        **canary.those_who_may_leave(campaign),
        "most": min(most, canary.places_left(campaign) or most),
        "worker": worker,
        "until": now + CLAIM_LASTS,
        "now": now,
    }
    rows = change_returning(session, _TAKE[canary.is_full(campaign)], values).all()
    return sorted((ClaimedRow(*row) for row in rows), key=lambda row: (row.next_attempt_at, row.id))


def next_due(session: Session, campaign: Campaign) -> datetime | None:
    """Return when the next row is due that may leave; None if none is pending."""
    values = canary.those_who_may_leave(campaign)
    return session.execute(_NEXT_DUE[canary.is_full(campaign)], values).scalar_one_or_none()


def follow_the_index(session: Session) -> None:
    """Make PostgreSQL read due rows in the index's order, never sort them.

    After a large import it may not know yet how many there are, and sort them all for each claim.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL enable_sort = off"))


# Put together once: that takes longer than running them.
def _taking(may_leave: sa.ColumnElement[bool]) -> TypedReturnsRows[*tuple[Any, ...]]:
    now = sa.bindparam("now", type_=Instant)
    due = (
        sa.select(Recipient.id, Recipient.status)
        .where(may_leave, Recipient.status == RecipientStatus.PENDING, Recipient.next_attempt_at <= now)
        .order_by(Recipient.next_attempt_at, Recipient.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    return (
        sa.update(Recipient)
        # Not "status = 'pending'": the planner might read all pending rows to find these few.
        .where(Recipient.id == due.c.id, Recipient.status == due.c.status)
        .values(
            status=RecipientStatus.SENDING,
            last_attempt=Recipient.last_attempt + 1,
            claimed_by=sa.bindparam("worker"),
            claimed_until=sa.bindparam("until", type_=Instant),
            updated_at=now,
        )
        .returning(
            Recipient.next_attempt_at,
            Recipient.id,
            Recipient.last_attempt,
            Recipient.phone_number,
            Recipient.phone_key,
            Recipient.variables,
        )
    )


_TAKE = {full: _taking(canary.may_leave(full)) for full in (False, True)}
"""by whether only the members of the canary may leave"""

_NEXT_DUE = {
    full: sa.select(Recipient.next_attempt_at)
    .where(canary.may_leave(full), Recipient.status == RecipientStatus.PENDING)
    .order_by(Recipient.next_attempt_at)
    .limit(1)
    for full in (False, True)
}
