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
