"""Applies one receipt to its recipient's row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.backoff import backoff
from outbound_campaigns.domain.codes.lookup import explain_receipt
from outbound_campaigns.domain.codes.tables import CodeClass
from outbound_campaigns.domain.lifecycle import (
    CampaignStatus,
    RecipientEvent,
    RecipientStatus,
    recipient_after,
)
from outbound_campaigns.incoming.receipts.rows import ReceiptRow
from outbound_campaigns.vonage.receipt_body import ReceiptBody

FIRST_RESEND_WAIT, LONGEST_RESEND_WAIT = 60.0, 3600.0
"""seconds until a returned message is sent again; four times as long each time"""

REOPENS_WITHIN = timedelta(hours=24)
"""after a campaign's end; a message that returns later stays failed"""

EVENTS: Mapping[str, RecipientEvent] = {
    "submitted": RecipientEvent.SUBMITTED,
    "delivered": RecipientEvent.DELIVERED,
    "read": RecipientEvent.READ,
}
_TROUBLE = (CodeClass.CAMPAIGN, CodeClass.ACCOUNT)
_ENDED = (CampaignStatus.COMPLETED, CampaignStatus.FAILED)


@dataclass(frozen=True, slots=True)
class ReceiptTerms:
    """The campaign's part in the decision: how often it tries, and whether it may still send."""

    now: datetime
    max_attempts: int
    may_send: bool

    @classmethod
    def of(cls, campaign: Campaign, now: datetime) -> ReceiptTerms:
        """Return a campaign's terms: one that ended may send for REOPENS_WITHIN, a cancelled one not."""
        over = campaign.status == CampaignStatus.CANCELLED or campaign.deleted_at is not None
        if campaign.status in _ENDED and campaign.finished_at is not None:
            over = over or now - campaign.finished_at > REOPENS_WITHIN
        return cls(now, campaign.max_attempts, not over)


def move(
    row: ReceiptRow, body: ReceiptBody, attempt: int, terms: ReceiptTerms, reported_failed: bool
) -> ReceiptBody | None:
    """Move the row. Returns the receipt if it tells of trouble with campaign or account, else None.

    `reported_failed`: an earlier receipt said that this attempt had failed.
    """
    before = RecipientStatus(row.status)
    if body.is_failure and not _is_decisive(row, body, attempt):
        return None  # about an attempt that was followed by another
    # In a database that lost its latest moments, an attempt may be one that it does not know.
    row.last_attempt = max(row.last_attempt, attempt)
    if before is RecipientStatus.SENDING:
        row.attempts += 1  # the receipt came before the answer, which would have counted it
    event = EVENTS.get(body.status) or _failure(row, body, terms)
    after = recipient_after(before, event, reported_failed)
    _keep_times(row, body, terms.now)
    if after is not before:
        _become(row, after, body, terms)
    of_many = body.is_failure and explain_receipt(body.code or "").code_class in _TROUBLE
    return body if of_many and after is not before else None


def _is_decisive(row: ReceiptRow, body: ReceiptBody, attempt: int) -> bool:
    """Return whether the failure of this attempt is the recipient's."""
    # It may have counted as sent for an earlier attempt, the latest never having left.
    rests_on_it = row.status == RecipientStatus.SENT and row.message_uuid == body.message_uuid
    return attempt >= row.last_attempt or rests_on_it


def _failure(row: ReceiptRow, body: ReceiptBody, terms: ReceiptTerms) -> RecipientEvent:
    again = explain_receipt(body.code or "").code_class is CodeClass.RETRY and terms.may_send
    return (
        RecipientEvent.RETURN if again and row.attempts < terms.max_attempts else RecipientEvent.UNDELIVERED
    )


def _keep_times(row: ReceiptRow, body: ReceiptBody, now: datetime) -> None:
    """Store the earliest time of each status, in whatever order receipts come."""
    at = body.at or now
    if body.status == "delivered":
        row.delivered_at = min(row.delivered_at or at, at)
    elif body.status == "read":
        row.read_at = min(row.read_at or at, at)


def _become(row: ReceiptRow, status: RecipientStatus, body: ReceiptBody, terms: ReceiptTerms) -> None:
    row.status = status
    row.message_uuid = body.message_uuid
    row.error_code, row.error_detail = body.code, body.detail
    row.failed_at = terms.now if status is RecipientStatus.FAILED else None
    if status is RecipientStatus.PENDING:
        wait = backoff(row.attempts - 1, FIRST_RESEND_WAIT, LONGEST_RESEND_WAIT, factor=4)
        row.next_attempt_at = terms.now + timedelta(seconds=wait)
    elif row.sent_at is None:
        row.sent_at = body.at or terms.now
