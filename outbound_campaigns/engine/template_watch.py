"""Watches the templates of running campaigns in the WhatsApp accounts' lists."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.money import shown
from bot_config.prices import ELSEWHERE
from bot_config.refusal import Refusal
from bot_config.vonage import VonageCredentials
from outbound_campaigns.campaigns import campaign_rows, spending, transitions
from outbound_campaigns.campaigns.campaign_rows import GUARD, Act
from outbound_campaigns.campaigns.editing import TEMPLATE_CHANGED
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus
from outbound_campaigns.domain.refusals.configuration import (
    TemplateNotApproved,
    TemplateNotFound,
    TemplatesUnavailable,
)
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.vonage.definitions.reading import read_definition
from outbound_campaigns.vonage.definitions.slots import TemplateDefinition
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.vonage.templates import TemplateList, category_of, must_be_approved

EACH = 300.0
"""seconds between two checks"""

_SAYS_AS_MUCH = {"PAUSED": "132015", "DISABLED": "132016"}
"""WhatsApp's own codes with the meaning of a status, for their advice (Cloud API, "error codes")"""

log = logging.getLogger(__name__)


class _Watched(NamedTuple):
    id: int
    bot_id: str
    template_name: str | None
    template_language: str
    template_category: str
    template_definition: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class TemplateWatch:
    """Checks templates every `each` seconds; asks each WhatsApp account once for all campaigns."""

    database: Database
    senders: BotSenders
    vonage_url: str
    each: float = EACH

    def look(self) -> None:
        """Pause running campaigns whose template is no longer approved, or has another category.

        An unreadable list pauses none.
        """
        running = self._running()
        bots: dict[str, list[_Watched]] = defaultdict(list)
        for campaign in running:
            bots[campaign.bot_id].append(campaign)
        for waba_id, accounts in self._accounts(bots).items():
            templates = self._read(waba_id, accounts.values())
            if templates is not None:
                watched = [campaign for bot_id in accounts for campaign in bots[bot_id]]
                self._hold_against(templates, watched)

    def _running(self) -> Sequence[_Watched]:
        columns = [getattr(Campaign, name) for name in _Watched._fields]
        query = sa.select(*columns).where(Campaign.status == CampaignStatus.RUNNING).order_by(Campaign.id)
        with self.database.read() as session:
            return [_Watched(*row) for row in session.execute(query)]

    def _accounts(self, bots: Iterable[str]) -> Mapping[str, Mapping[str, VonageCredentials]]:
        """Return, by WhatsApp account, the credentials of each bot that uses it."""
        found: dict[str, dict[str, VonageCredentials]] = defaultdict(dict)
        for bot_id in bots:
            try:
                account = self.senders.account(bot_id)
            except Refusal:
                continue  # gaps in a bot's files are dealt with where its messages are sent
            if account.settings.waba_id and account.credentials:
                found[account.settings.waba_id][bot_id] = account.credentials
        return found

    def _read(self, waba_id: str, credentials: Iterable[VonageCredentials]) -> list[dict[str, Any]] | None:
        """Return the whole list, read with the first credentials that may; None if none may."""
        for one in dict.fromkeys(credentials):
            try:
                return list(TemplateList(self.vonage_url, waba_id, one))
            except TemplatesUnavailable as refusal:
                log.warning("templates are not watched now: %s", refusal)
        return None

    def _hold_against(self, templates: Sequence[Mapping[str, Any]], watched: Sequence[_Watched]) -> None:
        for campaign in watched:
            try:
                wanted = ResolvedTemplate(str(campaign.template_name), campaign.template_language)
                listed = must_be_approved(wanted, templates)
                category = category_of(listed.get("category"))
            except TemplateNotFound as refusal:
                self._pause(campaign.id, {"code": refusal.code, **refusal.values})
            except TemplateNotApproved as refusal:
                answer = _SAYS_AS_MUCH.get(str(refusal.values["status"]))
                self._pause(campaign.id, {"code": refusal.code, **refusal.values, "answer": answer})
            else:
                if category not in (None, campaign.template_category):
                    self._pause_at_new_price(campaign, category)
                elif change := _changed(campaign.template_definition, listed):
                    self._pause(campaign.id, change)

    def _pause_at_new_price(self, watched: _Watched, category: str) -> None:
        """Pause a campaign whose messages cost another price from now on; its limit reckons with that."""
        with self.database.read() as session:
            campaign = campaign_rows.get(session, watched.id)
            why = self._told(session, campaign, category)
        self._pause(watched.id, why, {"template_category": category})

    def _told(self, session: Session, campaign: Campaign, category: str) -> dict[str, object]:
        why: dict[str, object] = {
            "code": "category_changed",
            "from": campaign.template_category,
            "to": category,
        }
        try:
            prices = self.senders.account(campaign.bot_id).settings.prices
        except Refusal:
            prices = None
        if prices is None:
            return why
        # Of the country in which most of its recipients are.
        country = next((count.country for count in spending.countries(session, campaign.id)), ELSEWHERE)
        before, now = (prices.price(country, one) for one in (campaign.template_category, category))
        return why | {
            "code": "price_changed",
            "country": country,
            "before": _shown(before),
            "now": _shown(now),
            "currency": prices.currency,
        }

    def _pause(
        self, campaign_id: int, why: dict[str, object], changes: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        with self.database.write() as session:
            campaign = campaign_rows.get(session, campaign_id, lock=True)
            if campaign.status == CampaignStatus.RUNNING:
                act = Act(GUARD, self.database.now(session), why, dict(changes))
                transitions.move_campaign(session, campaign_id, CampaignEvent.PAUSE, act)


def _changed(frozen: Mapping[str, Any] | None, listed: Mapping[str, Any]) -> dict[str, object] | None:
    """Return the reason to pause where people would read something else, or other slots are to be filled."""
    if frozen is None:
        return None
    before, now = read_definition(frozen), read_definition(listed)
    if _what_counts(before) == _what_counts(now):
        return None
    return {"code": TEMPLATE_CHANGED, "before": _in_short(before), "now": _in_short(now)}


def _what_counts(definition: TemplateDefinition) -> tuple[object, ...]:
    wording = definition.wording
    slots = [(slot.key, slot.kind) for slot in definition.slots]
    texts = [(button.type, button.text, button.url) for button in definition.buttons]
    cards = [(card.body.text if card.body else None, len(card.buttons)) for card in definition.cards]
    return wording.header, wording.body, wording.footer, slots, texts, cards


def _in_short(definition: TemplateDefinition) -> str:
    return definition.wording.body[:200]


def _shown(price: int | None) -> float | str:
    return "–" if price is None else shown(price)
