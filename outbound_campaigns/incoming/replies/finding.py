"""Finds which of our messages a reply answers."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from outbound_campaigns.domain.phone_numbers import PhoneNumber
from outbound_campaigns.vonage.reply_body import ReplyBody


class AnsweredMessage(NamedTuple):
    """One of our messages; `number` is its recipient's, where only the message tells who wrote."""

    campaign_id: int
    recipient_id: int
    number: PhoneNumber | None = None


def find(session: Session, bot_id: str, body: ReplyBody, since: datetime) -> AnsweredMessage | None:
    """Return the message that the reply names, else the last one sent to its writer since `since`."""
    if body.number is None:
        return _find_by_message(session, bot_id, body.context_uuid) if body.context_uuid else None
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


def _find_by_message(session: Session, bot_id: str, message_uuid: str) -> AnsweredMessage | None:
    """Find the message of a reply whose writer hides their number, campaign by campaign, the latest first.

    It takes as long as reading the bot's recipients, but few hide theirs; an index would cost each message.
    """
    campaigns = (
        sa.select(Campaign.id)
        .where(Campaign.bot_id == bot_id, Campaign.started_at.is_not(None))
        .order_by(Campaign.started_at.desc())
    )
    for campaign_id in session.execute(campaigns).scalars().all():
        query = sa.select(Recipient.id, Recipient.phone_number, Recipient.phone_key).where(
            Recipient.campaign_id == campaign_id, Recipient.message_uuid == message_uuid
        )
        for id_, number, key in session.execute(query.limit(1)):
            return AnsweredMessage(campaign_id, id_, PhoneNumber(number, key))
    return None
