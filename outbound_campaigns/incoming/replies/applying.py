"""Evaluates stored messages: which campaign each one answers, and whether its writer opts out."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import opt_outs
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import (
    ForwardState,
    InboundMessage,
    InboundState,
    OptOutSource,
    ReplyKind,
)
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.phone_numbers import PhoneNumber
from outbound_campaigns.incoming.replies.finding import AnsweredMessage, find
from outbound_campaigns.incoming.replies.stop_words import opt_out_of
from outbound_campaigns.vonage.reply_body import ReplyBody, UnreadableReply, read_reply

log = logging.getLogger(__name__)

REPLIES_AT_ONCE = 200
"""most messages in one call"""


@dataclass(frozen=True, slots=True)
class ReplyTerms:
    """A bot's opt-out words, and for how long after a message its recipient's texts count as answers."""

    words: Sequence[str]
    reply_within: timedelta


@dataclass(frozen=True, slots=True)
class WaitingReply:
    """A stored message that is still to be processed; `body` is None where it can't be read."""

    id: int
    bot_id: str
    body: ReplyBody | None
    repeated: bool
    answered: AnsweredMessage | None
    opt_out: tuple[OptOutSource, str] | None


def apply_some(database: Database, terms_of: Callable[[str], ReplyTerms], forwards: bool) -> int:
    """Process waiting messages in the order they came. Returns how many. Commits before it returns.

    With `forwards`, each (unless it is a repeat) then waits in its writer's queue to be forwarded.
    """
    with database.read() as session:
        waiting = sa.select(InboundMessage).where(InboundMessage.state == InboundState.WAITING)
        rows = session.execute(waiting.order_by(InboundMessage.id).limit(REPLIES_AT_ONCE)).scalars().all()
        stored = _understood(session, rows, terms_of)
    by_bot: dict[str, list[WaitingReply]] = defaultdict(list)
    for message in stored:
        by_bot[message.bot_id].append(message)
    for bot_id, messages in by_bot.items():
        with database.write() as session:
            _apply(session, bot_id, messages, forwards, database.now(session))
    return len(rows)


def _understood(
    session: Session, rows: Sequence[InboundMessage], terms_of: Callable[[str], ReplyTerms]
) -> list[WaitingReply]:
    terms = {bot_id: terms_of(bot_id) for bot_id in {row.bot_id for row in rows}}
    read = [_read(row.raw or b"") for row in rows]
    seen = _seen_before(session, rows, read)
    stored = []
    for row, body in zip(rows, read, strict=True):
        its, key = terms[row.bot_id], (row.bot_id, body.message_uuid if body else None)
        repeated = key in seen
        if key[1] is not None:
            seen.add(key)
        answered = opt_out = None
        if body is not None and not repeated:
            answered = find(session, row.bot_id, body, row.received_at - its.reply_within)
            opt_out = opt_out_of(body, its.words)
        stored.append(WaitingReply(row.id, row.bot_id, body, repeated, answered, opt_out))
    return stored


def _read(raw: bytes) -> ReplyBody | None:
    try:
        return read_reply(raw)
    except UnreadableReply:
        return None


def _seen_before(
    session: Session, rows: Sequence[InboundMessage], read: Sequence[ReplyBody | None]
) -> set[tuple[str, str | None]]:
    """Return (bot id, message id) of those processed: Vonage reposts a message if it misses our answer."""
    uuids = {body.message_uuid for body in read if body and body.message_uuid}
    query = sa.select(InboundMessage.bot_id, InboundMessage.message_uuid).where(
        InboundMessage.bot_id.in_({row.bot_id for row in rows}),
        InboundMessage.message_uuid.in_(uuids),
        InboundMessage.state != InboundState.WAITING,
    )
    return {(row[0], row[1]) for row in session.execute(query)} if uuids else set()


def _apply(
    session: Session, bot_id: str, messages: Sequence[WaitingReply], forwards: bool, now: datetime
) -> None:
    people: dict[tuple[OptOutSource, str], list[PhoneNumber]] = defaultdict(list)
    for message in messages:
        if message.opt_out and (writer := _writer(message)):
            people[message.opt_out].append(writer)
    # In one call, since it locks campaigns in a fixed order, and none may be locked after that.
    opt_outs.add_all(session, bot_id, {Reason(*how): persons for how, persons in people.items()}, now)
    session.execute(sa.update(InboundMessage), [_values(message, forwards) for message in messages])


def _writer(message: WaitingReply) -> PhoneNumber | None:
    """Return who wrote: by their number, else by the message that they answer, else by WhatsApp's id alone.

    An id keeps nobody from being sent to yet, but is listed: an operator may find out whose it is.
    """
    body, answered = message.body, message.answered
    if body is None:
        return None
    if body.number or (answered and answered.number):
        return body.number or (answered.number if answered else None)
    if not body.person:
        log.warning("nothing tells who asked for no more messages", extra={"bot": message.bot_id})
        return None
    return PhoneNumber(body.person, body.person)


def _kind(message: WaitingReply, body: ReplyBody) -> ReplyKind:
    if message.opt_out:
        return ReplyKind.OPTED_OUT
    return ReplyKind.BUTTON if body.tapped else ReplyKind.REPLIED


def _values(message: WaitingReply, forwards: bool) -> dict[str, Any]:
    body, answered = message.body, message.answered
    goes_on = forwards and not message.repeated
    values: dict[str, Any] = {
        "id": message.id,
        "state": InboundState.UNREADABLE,
        "forward": ForwardState.WAITING if goes_on else None,
        # Neither is needed for a message that is not forwarded.
        **({} if goes_on else {"raw": None, "authorization": None}),
        "person": "",
    }
    if body is None:
        return values
    kind = None if message.repeated else _kind(message, body)
    return values | {
        "state": InboundState.REPEATED if message.repeated else InboundState.APPLIED,
        "person": body.person,
        "message_uuid": body.message_uuid,
        "at": body.at,
        "kind": kind,
        "campaign_id": answered.campaign_id if answered else None,
        "recipient_id": answered.recipient_id if answered else None,
    }
