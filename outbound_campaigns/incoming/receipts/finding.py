"""Finds the attempt that a receipt is about: by our own client_ref, else by Vonage's id and the number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from outbound_campaigns.domain.phone_numbers import phone_key
from outbound_campaigns.vonage.receipt_body import ReceiptBody


class AttemptId(NamedTuple):
    campaign_id: int
    recipient_id: int
    attempt: int


def find(session: Session, receipts: Sequence[tuple[str, ReceiptBody]]) -> list[AttemptId | None]:
    """Return the attempt of each (bot id, receipt), in order; None where it is none of the bot's attempts."""
    by_ref = _by_client_ref(session, receipts)
    rest = [pair for pair, found in zip(receipts, by_ref, strict=True) if found is None and pair[1].to]
    by_uuid = _by_message_uuid(session, rest)
    return [
        found or by_uuid.get((bot_id, body.message_uuid))
        for (bot_id, body), found in zip(receipts, by_ref, strict=True)
    ]


def _by_client_ref(session: Session, receipts: Sequence[tuple[str, ReceiptBody]]) -> list[AttemptId | None]:
    ids = {body.client_ref.recipient_id for _, body in receipts if body.client_ref}
    query = (
        sa.select(Recipient.id, Recipient.campaign_id, Recipient.last_attempt, Campaign.ref, Campaign.bot_id)
        .join(Campaign, Campaign.id == Recipient.campaign_id)
        .where(Recipient.id.in_(ids))
    )
    rows = {row.id: row for row in session.execute(query)} if ids else {}
    found: list[AttemptId | None] = []
    for bot_id, body in receipts:
        ref = body.client_ref
        row = rows.get(ref.recipient_id) if ref else None
        if ref is None or row is None or not 1 <= ref.attempt <= row.last_attempt:
            found.append(None)
            continue
        # Somebody else's client_ref may look like one of ours.
        ours = (row.ref, row.bot_id) == (ref.campaign_ref, bot_id)
        found.append(AttemptId(row.campaign_id, row.id, ref.attempt) if ours else None)
    return found


def _by_message_uuid(
    session: Session, receipts: Sequence[tuple[str, ReceiptBody]]
) -> dict[tuple[str, str], AttemptId]:
    """Find receipts without a client_ref (format v0.1, or an application with settings of its own)."""
    if not receipts:
        return {}
    keys = {phone_key(body.to) for _, body in receipts if body.to}
    uuids = {body.message_uuid for _, body in receipts}
    query = (
        sa.select(Campaign.bot_id, Attempt.message_uuid, Campaign.id, Recipient.id, Attempt.number)
        .join(Recipient, Recipient.campaign_id == Campaign.id)
        .join(Attempt, Attempt.recipient_id == Recipient.id)
        .where(Recipient.phone_key.in_(keys), Attempt.message_uuid.in_(uuids))
    )
    return {(row[0], str(row[1])): AttemptId(row[2], row[3], row[4]) for row in session.execute(query)}
