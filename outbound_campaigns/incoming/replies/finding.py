"""Finds which of our messages a reply answers."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from outbound_campaigns.vonage.reply_body import ReplyBody


class AnsweredMessage(NamedTuple):
    campaign_id: int
    recipient_id: int


def find(session: Session, bot_id: str, body: ReplyBody, since: datetime) -> AnsweredMessage | None:
    """Return the message that the reply names, else the last one sent to its writer since `since`."""
    if body.number is None:
        return None
    # By person, which has an index; message ids have none, as there are too many.
    query = (
        sa.select(Campaign.id, Recipient.id, Attempt.sent_at, Attempt.message_uuid, Recipient.message_uuid)
        .join(Recipient, Recipient.campaign_id == Campaign.id)
        .join(Attempt, Attempt.recipient_id == Recipient.id)
        .where(
            Recipient.phone_key == body.number.key,
            Campaign.bot_id == bot_id,
            Attempt.sent_at.is_not(None),
        )
        .order_by(Attempt.sent_at.desc(), Recipient.id.desc())
    )
    sent = session.execute(query).all()
    if body.context_uuid is not None:
        for row in sent:
            if body.context_uuid in (row[3], row[4]):
                return AnsweredMessage(row[0], row[1])
    return next((AnsweredMessage(row[0], row[1]) for row in sent if row[2] and row[2] >= since), None)
