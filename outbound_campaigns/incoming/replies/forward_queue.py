"""The queue of messages for Botpress: one person's go one after another, and hold up nobody else's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from outbound_campaigns.database.models import ForwardState, InboundMessage
from outbound_campaigns.database.statements import change
from outbound_campaigns.domain.backoff import backoff

FIRST_FORWARD_WAIT, LONGEST_FORWARD_WAIT = 1.0, 300.0
"""seconds until a message that Botpress did not accept is tried again; twice as long each time"""

REPLY_GIVEN_UP = timedelta(hours=24)
"""after the first try"""

REFUSALS = (400, 410, 413, 414, 415, 422)
"""statuses that say no to this very message; 401, 403, 404 say that Botpress has not the right channel yet"""


@dataclass(frozen=True, slots=True)
class ReplyInLine:
    """A message to be forwarded, tried `tries` times so far."""

    id: int
    bot_id: str
    tries: int
    first_tried_at: datetime | None
    raw: bytes = field(repr=False)
    authorization: str = field(repr=False)


def first_in_line(session: Session, now: datetime, most: int) -> Sequence[ReplyInLine]:
    """Return up to `most` messages that are due, at most one of each person."""
    message, earlier = InboundMessage, aliased(InboundMessage)
    before_it = sa.exists().where(
        earlier.bot_id == message.bot_id,
        earlier.forward == ForwardState.WAITING,
        earlier.person == message.person,
        earlier.id < message.id,
    )
    due = sa.and_(message.forward == ForwardState.WAITING, message.try_at <= now, ~before_it)
    return in_line(session, due, most)


def in_line(
    session: Session, which: sa.ColumnElement[bool], most: int | None = None
) -> Sequence[ReplyInLine]:
    """Return the messages that a condition chooses, in the order in which they are due."""
    message = InboundMessage
    columns = (message.id, message.bot_id, message.tries, message.first_tried_at)
    query = sa.select(*columns, message.raw, message.authorization).where(which)
    rows = session.execute(query.order_by(message.try_at, message.id).limit(most))
    return [ReplyInLine(*row[:-2], raw=row[-2] or b"", authorization=row[-1] or "") for row in rows]


def is_taken(status: int | None) -> bool:
    """Return whether a status says that Botpress has the message."""
    return status is not None and 200 <= status < 300


def answered(session: Session, message: ReplyInLine, status: int | None, now: datetime) -> None:
    """Store Botpress's answer to a message: its status, or None where it did not answer."""
    first_tried_at = message.first_tried_at or now
    values: dict[str, Any] = {"answer": status, "tries": message.tries + 1}
    values["first_tried_at"] = first_tried_at
    if is_taken(status):
        values |= {"forward": ForwardState.FORWARDED, "raw": None, "authorization": None}
    elif status in REFUSALS:
        values |= {"forward": ForwardState.REFUSED, "authorization": None}
    elif now - first_tried_at > REPLY_GIVEN_UP:
        values |= {"forward": ForwardState.GIVEN_UP, "authorization": None}
    else:
        wait = backoff(message.tries, FIRST_FORWARD_WAIT, LONGEST_FORWARD_WAIT)
        values["try_at"] = now + timedelta(seconds=wait)
    still = sa.update(InboundMessage).where(
        InboundMessage.id == message.id, InboundMessage.forward == ForwardState.WAITING
    )
    change(session, still.values(**values))


def waiting_and_lost(session: Session, bot_id: str) -> tuple[int, int]:
    """Return how many messages of a bot are queued, and how many Botpress never accepted."""
    counts = dict.fromkeys(ForwardState, 0)
    lost = (ForwardState.REFUSED, ForwardState.GIVEN_UP)
    query = (
        sa.select(InboundMessage.forward, sa.func.count())
        .where(InboundMessage.bot_id == bot_id, InboundMessage.forward.in_((ForwardState.WAITING, *lost)))
        .group_by(InboundMessage.forward)
    )
    counts |= {ForwardState(str(row[0])): row[1] for row in session.execute(query)}
    return counts[ForwardState.WAITING], sum(counts[state] for state in lost)
