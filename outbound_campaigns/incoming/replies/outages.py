"""Finds what keeps Botpress from taking a bot's messages, and lets them go once it is over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import ForwardState, InboundMessage
from outbound_campaigns.database.statements import change
from outbound_campaigns.incoming.replies.forward_queue import ReplyInLine, in_line

_TRIED_IN_VAIN = sa.and_(InboundMessage.forward == ForwardState.WAITING, InboundMessage.tries > 0)


@dataclass(frozen=True, slots=True)
class Outage:
    """What Botpress last answered to a message that it has not taken, and since when it is tried."""

    status: int | None
    since: datetime


def outage_of(session: Session, bot_id: str) -> Outage | None:
    """Return why messages of a bot wait for Botpress; None where none was tried in vain."""
    query = (
        sa.select(InboundMessage.answer, InboundMessage.first_tried_at)
        .where(InboundMessage.bot_id == bot_id, _TRIED_IN_VAIN)
        .order_by(InboundMessage.id)
        .limit(1)
    )
    row = session.execute(query).first()
    return None if row is None or row[1] is None else Outage(row[0], row[1])


def first_held_up(session: Session, now: datetime, but: Iterable[str]) -> Sequence[ReplyInLine]:
    """Return of each bot, except some, the oldest of those tried in vain that are not due yet."""
    oldest = (
        sa.select(sa.func.min(InboundMessage.id))
        .where(_TRIED_IN_VAIN, InboundMessage.try_at > now, InboundMessage.bot_id.not_in(list(but)))
        .group_by(InboundMessage.bot_id)
    )
    return in_line(session, InboundMessage.id.in_(oldest))


def let_go(session: Session, bot_ids: Iterable[str], now: datetime) -> None:
    """Make the messages of bots due that were tried in vain: Botpress takes them again."""
    held_up = sa.and_(InboundMessage.bot_id.in_(list(bot_ids)), _TRIED_IN_VAIN, InboundMessage.try_at > now)
    change(session, sa.update(InboundMessage).where(held_up).values(try_at=now))
