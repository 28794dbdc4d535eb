"""Reads from a bot's files where to ask about a campaign's messages, and on which terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot_config.vonage import masked
from outbound_campaigns.domain.refusals.configuration import AccountChanged, SecretForReportsMissing
from outbound_campaigns.vonage.records import VonageRecords
from outbound_campaigns.vonage.senders import BotSenders


@dataclass(frozen=True, slots=True)
class ReconciliationTerms:
    """How long to wait before "not found" and before asking about sent messages, and a record's price."""

    not_found_after: timedelta
    without_receipt_after: timedelta
    record_price: float | None = None


def terms_of(senders: BotSenders, bot_id: str) -> ReconciliationTerms:
    """Return the terms in a bot's settings. Raises ConfigurationMissing, SourceUnavailable."""
    settings = senders.account(bot_id).settings
    return ReconciliationTerms(
        timedelta(minutes=settings.not_found_after_minutes),
        timedelta(hours=settings.without_receipt_after_hours),
        settings.report_record_price,
    )


def records_of(senders: BotSenders, bot_id: str, account: str | None, url: str) -> VonageRecords:
    """Return the records of the account through which a campaign was sent.

    Raises ConfigurationMissing, SecretForReportsMissing or AccountChanged.
    """
    credentials = senders.sender(bot_id, None).credentials
    if account is not None and account != credentials.api_key:
        raise AccountChanged(account=masked(account))
    if credentials.api_secret is None:
        raise SecretForReportsMissing(bot=bot_id)
    return VonageRecords(url, credentials)
