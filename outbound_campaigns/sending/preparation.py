"""Checks what a campaign needs before it starts: a complete configuration and a template."""

from __future__ import annotations

from collections.abc import Mapping

from bot_config.bots import Bots, open_bots
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.refusals.configuration import CanaryNeedsReceipts
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.runtime.settings import SETTINGS, Settings
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.vonage.templates import TemplateList, resolve


class Preparation:
    """Checks a campaign's configuration and finds its template; may ask Vonage."""

    def __init__(self, senders: BotSenders, vonage_url: str) -> None:
        self._senders = senders
        self._vonage_url = vonage_url

    def __call__(self, campaign: Campaign) -> ResolvedTemplate:
        """Return its template. Raises ConfigurationMissing, CanaryNeedsReceipts or a template's refusal."""
        sender = self._senders.sender(campaign.bot_id, campaign.sender_number)
        if campaign.canary_size is not None and sender.webhook_url is None:
            raise CanaryNeedsReceipts
        waba_id = self._senders.account(campaign.bot_id).settings.waba_id
        templates = TemplateList(self._vonage_url, waba_id, sender.credentials) if waba_id else None
        return resolve(campaign.template_id, campaign.template_language, templates)


def bots_of(settings: Settings, environ: Mapping[str, str]) -> Bots:
    """Return the bots of the Botpress server that the settings name."""
    # Never our own, whatever the settings allow: some are secrets, and what a file names can be shown.
    ours = {setting.variable for setting in SETTINGS}
    visible = {name: value for name, value in environ.items() if name not in ours}
    names = settings.bot_variables.split(",")
    return open_bots(settings.botpress_data_dir, settings.botpress_database_url, visible, names)
