"""Finds through which account, and from which number, a bot's campaigns are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot_config.accounts import Account, read_account
from bot_config.bots import Bot, Bots
from bot_config.prices import PriceTable
from bot_config.problems import BotConfigBroken, BotNotFound, Problem
from bot_config.refusal import Refusal
from bot_config.vonage import VonageCredentials
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.addresses import RECEIPTS, module_path
from outbound_campaigns.domain.refusals.configuration import BotUnusable, ConfigurationMissing


@dataclass(frozen=True, slots=True)
class Sender:
    """A business number and the account that it sends through, as a bot's files have them now."""

    bot_id: str
    number: str
    credentials: VonageCredentials
    messages_per_second: float
    webhook_url: str | None = None
    """where Vonage posts receipts; none when they could not be checked, or not reach us"""
    prices: PriceTable | None = None

    @property
    def account(self) -> str:
        """Return the account's apiKey."""
        return self.credentials.api_key

    @property
    def access(self) -> Access:
        return Access(self.account, self.credentials.fingerprint)


class Senders(Protocol):
    def sender(self, bot_id: str, number: str | None) -> Sender:
        """Return the bot's sender; `number` overrides the bot's own. Raises ConfigurationMissing."""
        ...


class BotSenders:
    """Senders read from Botpress's files whenever one is asked for, by several threads at once."""

    def __init__(self, bots: Bots, external_url: str | None = None) -> None:
        self._bots = bots
        self._external_url = external_url

    def bot(self, bot_id: str) -> Bot:
        """Return the bot, disabled or not. Raises BotNotFound, BotConfigBroken, SourceUnavailable."""
        return self._bots.find(bot_id)

    def account(self, bot_id: str) -> Account:
        """Return the bot's account, complete or not. Raises ConfigurationMissing, SourceUnavailable."""
        try:
            return read_account(self._bots, bot_id)
        except (BotNotFound, BotConfigBroken) as refusal:
            raise _unusable(refusal.problem) from None

    def bot_ids(self) -> list[str]:
        """Return the ids of Botpress's bots. Raises BotUnusable, SourceUnavailable."""
        try:
            return self._bots.ids()
        except BotConfigBroken as refusal:
            raise _unusable(refusal.problem) from None

    def sender(self, bot_id: str, number: str | None) -> Sender:
        account = self.account(bot_id)
        return replace(sender_of(account, number), webhook_url=self._webhook_url(account))

    def access(self, bot_id: str, number: str | None) -> Access | None:
        """Return the access with which the bot sends now; None where its files can't be read."""
        try:
            return self.sender(bot_id, number).access
        except Refusal:
            return None

    def _webhook_url(self, account: Account) -> str | None:
        credentials = account.credentials
        if self._external_url is None or credentials is None or credentials.signature_secret is None:
            return None
        return f"{self._external_url}{module_path(account.bot.id)}{RECEIPTS}"


def sender_of(account: Account, number: str | None) -> Sender:
    """Return the sender of an account's bot; `number` overrides its own. Raises ConfigurationMissing."""
    settings, credentials, bot = account.settings, account.credentials, account.bot
    number = number or settings.sender_number
    if credentials is None or number is None or bot.disabled:
        raise missing([*account.obstacles, *account.warnings])
    per_second = settings.messages_per_second
    if credentials.sandbox:
        per_second = min(per_second, SANDBOX_PER_SECOND)
    return Sender(bot.id, number, credentials, per_second, prices=settings.prices)


SANDBOX_PER_SECOND = 1.0
"""messages a second that Vonage's sandbox lets through (Messages API, sandbox)"""


def _unusable(found: Problem) -> BotUnusable:
    return BotUnusable(problems_es=found.text("es"), problems_en=found.text("en"))


def missing(problems: Sequence[Problem]) -> ConfigurationMissing:
    """Return one refusal that lists all problems in both languages."""
    return ConfigurationMissing(
        problems_es=" ".join(one.text("es") for one in problems),
        problems_en=" ".join(one.text("en") for one in problems),
    )
