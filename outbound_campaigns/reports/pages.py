"""Reads lists in pages, by key: each page is as quick as the first, however long the list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import (
    LAST_DIGITS,
    Attempt,
    Campaign,
    Event,
    Import,
    InboundMessage,
    OptOut,
    Receipt,
    Recipient,
    ReplyKind,
)
from outbound_campaigns.domain.phone_numbers import BadNumber, read_number
from outbound_campaigns.domain.refusals.request import SearchRefused

_FEWEST = 4
"""fewest last digits by which a number is searched, as many as the index holds"""

ANY_REPLY = "any"

_SHOWN = 40
"""characters of a refused search that its refusal repeats"""

_BETWEEN = re.compile("[^0-9A-Za-z]")
_DIGITS = re.compile(f"[0-9]{{{_FEWEST},}}")


@dataclass(frozen=True, slots=True)
class PhoneQuery:
    """What to search for: one person by key, or everybody whose number ends in these digits."""

    key: str | None = None
    last_digits: str = ""


def phone_query(text: str, country: str, mexico_mobile_prefix: bool) -> PhoneQuery:
    """Read what an operator typed: a number in any spelling, or its last digits, at least four.

    Raises SearchRefused.
    """
    try:
        return PhoneQuery(key=read_number(text, country, mexico_mobile_prefix).key)
    except BadNumber:
        digits = _BETWEEN.sub("", text)
        if not _DIGITS.fullmatch(digits):
            raise SearchRefused(value=text[:_SHOWN]) from None
        return PhoneQuery(last_digits=digits)


def campaigns_page(
    session: Session,
    bot_id: str,
    *,
    status: str | None = None,
    q: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[Campaign]:
    """Return a bot's campaigns, newest first, without deleted ones; `q` is part of the name, in any case."""
    query = sa.select(Campaign).where(Campaign.bot_id == bot_id, Campaign.deleted_at.is_(None))
    if status is not None:
        query = query.where(Campaign.status == status)
    if q:
        query = query.where(Campaign.name.icontains(q, autoescape=True))
    if before is not None:
        query = query.where(Campaign.id < before)
    return session.execute(query.order_by(Campaign.id.desc()).limit(limit)).scalars().all()


def recipients_page(
    session: Session,
    campaign_id: int,
    *,
    status: str | None = None,
    reply: str | None = None,
    q: PhoneQuery | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Sequence[Recipient]:
    """Return a campaign's recipients in the order in which they were added.

    `reply` is a ReplyKind, or ANY_REPLY for whoever wrote back or tapped a button.
    """
    query = sa.select(Recipient).where(Recipient.campaign_id == campaign_id)
    if status is not None:
        query = query.where(Recipient.status == status)
    if reply is not None:
        query = query.where(Recipient.id.in_(_who_replied(campaign_id, reply)))
    if q is not None:
        query = query.where(_is_meant(q))
    if after is not None:
        query = query.where(Recipient.id > after)
    return session.execute(query.order_by(Recipient.id).limit(limit)).scalars().all()


def _who_replied(campaign_id: int, reply: str) -> sa.Select[int | None]:
    kinds = list(ReplyKind) if reply == ANY_REPLY else [ReplyKind(reply)]
    return sa.select(InboundMessage.recipient_id).where(
        InboundMessage.campaign_id == campaign_id,
        InboundMessage.kind.in_(kinds),
        InboundMessage.recipient_id.is_not(None),
    )


def replies_of(session: Session, recipient: Recipient) -> Sequence[InboundMessage]:
    """Return what a recipient wrote back to the campaign or tapped, in the order in which it came."""
    query = sa.select(InboundMessage).where(
        InboundMessage.campaign_id == recipient.campaign_id,
        InboundMessage.kind.in_(list(ReplyKind)),
        InboundMessage.recipient_id == recipient.id,
    )
    return session.execute(query.order_by(InboundMessage.id)).scalars().all()


def _is_meant(query: PhoneQuery) -> sa.ColumnElement[bool]:
    if query.key is not None:
        return Recipient.phone_key == query.key
    by_index = sa.literal_column(LAST_DIGITS, sa.Text) == query.last_digits[-_FEWEST:]
    return sa.and_(by_index, Recipient.phone_number.endswith(query.last_digits))


def events_page(
    session: Session, campaign_id: int, *, before: int | None = None, limit: int = 50
) -> Sequence[Event]:
    """Return who did what to a campaign, newest first."""
    query = sa.select(Event).where(Event.campaign_id == campaign_id)
    if before is not None:
        query = query.where(Event.id < before)
    return session.execute(query.order_by(Event.id.desc()).limit(limit)).scalars().all()


def imports_page(
    session: Session, campaign_id: int, *, before: int | None = None, limit: int = 50
) -> Sequence[Import]:
    """Return a campaign's files, newest first, without those that are being removed."""
    query = sa.select(Import).where(Import.campaign_id == campaign_id, Import.status != "removed")
    if before is not None:
        query = query.where(Import.id < before)
    return session.execute(query.order_by(Import.id.desc()).limit(limit)).scalars().all()


def opt_outs_page(
    session: Session,
    bot_id: str,
    *,
    q: PhoneQuery | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[OptOut]:
    """Return the people who want no more messages from a bot, newest first."""
    query = sa.select(OptOut).where(OptOut.bot_id == bot_id)
    if q is not None and q.key is not None:
        query = query.where(OptOut.phone_key == q.key)
    elif q is not None:
        query = query.where(OptOut.phone_number.endswith(q.last_digits))
    if before is not None:
        query = query.where(OptOut.id < before)
    return session.execute(query.order_by(OptOut.id.desc()).limit(limit)).scalars().all()


def attempts_of(session: Session, recipient_id: int) -> Sequence[Attempt]:
    """Return all attempts of a recipient, the first one first."""
    query = sa.select(Attempt).where(Attempt.recipient_id == recipient_id)
    return session.execute(query.order_by(Attempt.number)).scalars().all()


def receipts_of(session: Session, recipient_id: int) -> Sequence[Receipt]:
    """Return all receipts of a recipient's messages, in the order in which they came."""
    query = sa.select(Receipt).where(Receipt.recipient_id == recipient_id)
    return session.execute(query.order_by(Receipt.id)).scalars().all()
