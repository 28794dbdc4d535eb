"""Finds the attempt that a receipt is about: by our own client_ref, else by Vonage's id and the number."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from typing import Any, NamedTuple

import sqlalchemy as sa

from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.phone_numbers import phone_key
from outbound_campaigns.vonage.receipt_body import ReceiptBody


class AttemptId(NamedTuple):
    campaign_id: int
    recipient_id: int
    attempt: int


class NoMatch(Enum):
    """Why a receipt is about none of the bot's attempts."""

    UNKNOWN = auto()
    """no message that is stored so far"""
    OTHER_NUMBER = auto()
    """it carries the client_ref of one, but the number of somebody else"""


def find(database: Database, receipts: Sequence[tuple[str, ReceiptBody]]) -> list[AttemptId | NoMatch]:
    """Return the attempt of each (bot id, receipt), in order."""
    by_ref = _by_client_ref(database, receipts)
    pairs = list(zip(receipts, by_ref, strict=True))
    by_uuid = _by_message_uuid(database, [pair for pair, found in pairs if found is NoMatch.UNKNOWN])
    return [
        by_uuid.get((bot_id, body.message_uuid, phone_key(body.to or "")), found)
        if found is NoMatch.UNKNOWN
        else found
        for (bot_id, body), found in pairs
    ]


def _by_client_ref(
    database: Database, receipts: Sequence[tuple[str, ReceiptBody]]
) -> list[AttemptId | NoMatch]:
    ids = {body.client_ref.recipient_id for _, body in receipts if body.client_ref}
    query = (
        sa.select(
            *(Recipient.id, Recipient.campaign_id, Recipient.last_attempt, Recipient.phone_key),
            *(Campaign.ref, Campaign.bot_id),
        )
        .join(Campaign, Campaign.id == Recipient.campaign_id)
        .where(Recipient.id.in_(ids))
    )
    rows = {row.id: row for row in database.ask(query)} if ids else {}
    return [
        _match(bot_id, body, rows.get(body.client_ref.recipient_id) if body.client_ref else None)
        for bot_id, body in receipts
    ]


def _match(bot_id: str, body: ReceiptBody, row: Any) -> AttemptId | NoMatch:
    ref = body.client_ref
    # A failover may have lost an attempt; the number then shows that it is this person's.
    if ref is None or row is None or ref.attempt < 1 or (ref.attempt > row.last_attempt and body.to is None):
        return NoMatch.UNKNOWN
    # Somebody else's client_ref may look like one of ours.
    if (row.ref, row.bot_id) != (ref.campaign_ref, bot_id):
        return NoMatch.UNKNOWN
    # Whoever has hidden their number may be in the receipt without one.
    if body.to is not None and phone_key(body.to) != row.phone_key:
        return NoMatch.OTHER_NUMBER
    return AttemptId(row.campaign_id, row.id, ref.attempt)


def _by_message_uuid(
    database: Database, receipts: Sequence[tuple[str, ReceiptBody]]
) -> dict[tuple[str, str, str], AttemptId]:
    """Find the attempts of receipts without a client_ref, by bot, Vonage's id and the person's key.

    They have none in format v0.1, or from an application with settings of its own.
    """
    keys = {phone_key(body.to) for _, body in receipts if body.to}
    if not keys:
        return {}
    uuids = {body.message_uuid for _, body in receipts}
    query = (
        sa.select(
            *(Campaign.bot_id, Attempt.message_uuid, Recipient.phone_key),
            *(Campaign.id, Recipient.id, Attempt.number),
        )
        .join(Recipient, Recipient.campaign_id == Campaign.id)
        .join(Attempt, Attempt.recipient_id == Recipient.id)
        .where(Recipient.phone_key.in_(keys), Attempt.message_uuid.in_(uuids))
    )
    return {(row[0], str(row[1]), row[2]): AttemptId(*row[3:]) for row in database.ask(query)}
