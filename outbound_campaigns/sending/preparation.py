"""Checks what a campaign needs before it starts: a complete configuration, a template, and what fills it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot_config.bots import Bots, open_bots
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.configuration import (
    CanaryNeedsReceipts,
    TemplatesUnavailable,
    WabaMissing,
)
from outbound_campaigns.domain.refusals.request import MessageFlawed
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.runtime.settings import SETTINGS, Settings
from outbound_campaigns.sending.mapping import mapped
from outbound_campaigns.vonage.definitions.reading import read_definition
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.vonage.templates import TemplateList, resolve


@dataclass(frozen=True, slots=True)
class Preparation:
    """Checks a campaign's configuration and finds its template; may ask Vonage."""

    senders: BotSenders
    vonage_url: str
    database: Database

    def __call__(self, campaign: Campaign) -> ResolvedTemplate:
        """Return its template, with what fills it where the account's list could be read.

        Raises ConfigurationMissing, CanaryNeedsReceipts, MessageFlawed, or a template's refusal.
        """
        sender = self.senders.sender(campaign.bot_id, campaign.sender_number)
        if campaign.canary_size is not None and sender.webhook_url is None:
            raise CanaryNeedsReceipts
        waba_id = self.senders.account(campaign.bot_id).settings.waba_id
        templates = TemplateList(self.vonage_url, waba_id, sender.credentials) if waba_id else None
        template = resolve(campaign.template_id, campaign.template_language, templates)
        if template.definition is not None:
            return self._checked(campaign, template)
        if campaign.values is not None:
            # Which slot stands where only the list says.
            raise TemplatesUnavailable(reason="values") if waba_id else WabaMissing
        return template

    def _checked(self, campaign: Campaign, template: ResolvedTemplate) -> ResolvedTemplate:
        definition = read_definition(template.definition or {})
        with self.database.read() as session:
            columns = campaign_rows.columns(session, campaign.id) if campaign.id else None
            now = self.database.now(session)
        found = mapped(campaign, definition, columns, now)
        if found.problems:
            raise MessageFlawed([(one.code, one.slot, one.values) for one in found.problems])
        return replace(template, filling=found.filling.stored())


def bots_of(settings: Settings, environ: Mapping[str, str]) -> Bots:
    """Return the bots of the Botpress server that the settings name."""
    # Never our own, whatever the settings allow: some are secrets, and what a file names can be shown.
    ours = {setting.variable for setting in SETTINGS}
    visible = {name: value for name, value in environ.items() if name not in ours}
    names = settings.bot_variables.split(",")
    return open_bots(settings.botpress_data_dir, settings.botpress_database_url, visible, names)
