"""People who want no more messages from a bot. Once an opt-out is committed, no row of theirs is claimed.

Adding an opt-out turns the person's pending rows to skipped at once, so that everybody sees it. The guarantee
rests on the claim, which every message passes: it looks here for the people it has taken. So other code that
turns a row to pending (a retry, a message that came back) need not know of opt-outs; the claim skips the row.

Locks are taken in one order: campaigns by id, their recipients, then the bot's opt-outs. The last lock makes
claims and new opt-outs of a bot wait for each other: a claim either sees an opt-out, or has committed before
it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import skipping, transitions
from outbound_campaigns.database.models import Campaign, OptOut, OptOutSource, Recipient
from outbound_campaigns.database.statements import change, insert_if_missing
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.domain.phone_numbers import PhoneNumber
from outbound_campaigns.domain.refusals.request import OptOutNotFound

PEOPLE_AT_ONCE = 500
"""most people in one transaction"""

OPTED_OUT = "opted_out"
"""the error code of rows skipped for this reason"""

_AMONG = (
    "SELECT phone_key FROM outbound_opt_outs WHERE bot_id = :bot_id AND phone_key IN (SELECT value FROM {})"
)
# One text instead of a parameter for each key, so that the statement is the same for any number of keys.
_AMONG_ON = {
    "sqlite": sa.text(_AMONG.format("json_each(:keys)")),
    "postgresql": sa.text(_AMONG.format("json_array_elements_text(CAST(:keys AS json)) AS keys(value)")),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Where an opt-out came from; `who` is the operator, if one entered it."""

    source: OptOutSource
    detail: str | None = None
    who: str | None = None


def add(session: Session, bot_id: str, people: Collection[PhoneNumber], reason: Reason, now: datetime) -> int:
    """Opt up to PEOPLE_AT_ONCE people out of a bot's messages, and skip their pending rows.

    Returns how many had not opted out before.
    """
    return add_all(session, bot_id, {reason: people}, now)


def add_all(
    session: Session, bot_id: str, people: Mapping[Reason, Collection[PhoneNumber]], now: datetime
) -> int:
    """Do the same as `add` for several reasons; once a transaction, since it locks campaigns in order."""
    rows: dict[str, dict[str, Any]] = {}
    for reason, persons in people.items():
        for person in persons:
            row = {"bot_id": bot_id, "phone_key": person.key, "phone_number": person.e164, "created_at": now}
            why = {"source": reason.source, "detail": reason.detail, "who": reason.who}
            rows.setdefault(person.key, row | why)
    if not rows:
        return 0
    _skip_pending(session, bot_id, set(rows), now)
    _lock(session, bot_id, shared=False)
    return insert_if_missing(session, OptOut, *rows.values())


def take_back(session: Session, bot_id: str, opt_out_id: int) -> None:
    """Remove an opt-out: the person may be sent to again, but skipped rows stay so. Raises OptOutNotFound."""
    _delete(session, bot_id, OptOut.id == opt_out_id)


def take_back_number(session: Session, bot_id: str, number: PhoneNumber) -> None:
    """Do the same as `take_back`, by any variant of the person's number."""
    _delete(session, bot_id, OptOut.phone_key == number.key)


def _delete(session: Session, bot_id: str, which: sa.ColumnElement[bool]) -> None:
    if not change(session, sa.delete(OptOut).where(OptOut.bot_id == bot_id, which)):
        raise OptOutNotFound


def among(session: Session, bot_id: str, phone_keys: Collection[str]) -> set[str]:
    """Return which of these people have opted out of the bot's messages."""
    statement = _AMONG_ON[session.get_bind().dialect.name]
    values = {"bot_id": bot_id, "keys": json.dumps(sorted(phone_keys))}
    return set(session.execute(statement, values).scalars())


def await_those_under_way(session: Session, bot_id: str) -> None:
    """Wait until no opt-out of the bot is about to be committed; none begins before our own commit."""
    _lock(session, bot_id, shared=True)


def _lock(session: Session, bot_id: str, shared: bool) -> None:
    # SQLite has one writer at a time anyway.
    if session.get_bind().dialect.name == "postgresql":
        how = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        key = "hashtext('outbound_opt_outs'), hashtext(:bot_id)"
        session.execute(sa.text(f"SELECT {how}({key})"), {"bot_id": bot_id})


def _skip_pending(session: Session, bot_id: str, phone_keys: set[str], now: datetime) -> None:
    theirs = sa.and_(Recipient.phone_key.in_(phone_keys), Recipient.status == RecipientStatus.PENDING)
    of_bot = (
        sa.select(Recipient.campaign_id)
        .join(Campaign, Campaign.id == Recipient.campaign_id)
        .where(theirs, Campaign.bot_id == bot_id)
    )
    ids = set(session.execute(of_bot).scalars())
    locked = sa.select(Campaign).where(Campaign.id.in_(ids)).order_by(Campaign.id).with_for_update()
    locked = locked.execution_options(populate_existing=True)
    for campaign in session.execute(locked).scalars().all() if ids else ():
        rows = sa.select(Recipient.id).where(theirs, Recipient.campaign_id == campaign.id)
        pending = session.execute(rows.order_by(Recipient.id).with_for_update()).scalars().all()
        if pending:
            skipping.skip(session, campaign, pending, OPTED_OUT, now)
            transitions.finish_if_done(session, campaign.id, now)
