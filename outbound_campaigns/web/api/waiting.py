"""Why campaigns of which nothing leaves wait, as the doors show it."""

from __future__ import annotations

from typing import Any

from bot_config.problems import Refusal as BotRefusal
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.refusals import ConfigurationMissing
from outbound_campaigns.reports.stalls import Waiting
from outbound_campaigns.web.api.service import language, service


def account_of(campaign: Campaign) -> str | None:
    """The apiKey that the bot's files have now; None where they can't be read."""
    try:
        return service().senders.sender(campaign.bot_id, campaign.sender_number).account
    except (ConfigurationMissing, BotRefusal):
        return None


def waiting_view(found: Waiting | None) -> dict[str, Any] | None:
    if found is None:
        return None
    cause = found.cause
    return {
        "code": cause.code,
        "kind": cause.kind,
        "message": cause.text(language()),
        "since": found.since,
        "until": cause.until,
    }


def waiting_campaign_view(found: Waiting) -> dict[str, Any]:
    campaign = {"campaign_id": found.campaign.id, "name": found.campaign.name}
    return campaign | (waiting_view(found) or {})
