"""Stores incoming messages before they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import InboundMessage, InboundState


@dataclass(frozen=True, slots=True)
class PostedReply:
    """A message as it came; Botpress will check its body and Authorization once more."""

    bot_id: str
    raw: bytes = field(repr=False)
    authorization: str = field(repr=False)


def has_received(session: Session, bot_id: str) -> bool:
    """Return whether a message to the bot has ever come in: only then is Vonage's inbound URL set to us."""
    one = sa.select(InboundMessage.id).where(InboundMessage.bot_id == bot_id).limit(1)
    return session.execute(one).first() is not None


def store(session: Session, messages: Sequence[PostedReply], now: datetime) -> None:
    """Store messages, to be processed from now on."""
    rows = [
        {
            "bot_id": message.bot_id,
            "raw": message.raw,
            "authorization": message.authorization,
            "received_at": now,
            "try_at": now,
            "state": InboundState.WAITING,
        }
        for message in messages
    ]
    session.execute(sa.insert(InboundMessage), rows)
