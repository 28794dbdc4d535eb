"""Senders that need no bot's files."""

from __future__ import annotations

from bot_config.prices import PriceTable
from bot_config.vonage import VonageCredentials
from outbound_campaigns.domain.refusals.configuration import ConfigurationMissing
from outbound_campaigns.vonage.senders import Sender


class OneSender:
    """Every bot sends from one number of one account."""

    def __init__(self, messages_per_second: float = 50.0, prices: PriceTable | None = None) -> None:
        self.messages_per_second = messages_per_second
        self.prices = prices
        self.missing = False

    def sender(self, bot_id: str, number: str | None) -> Sender:
        if self.missing:
            raise ConfigurationMissing(problems_es="falta apiKey", problems_en="apiKey is missing")
        credentials = VonageCredentials("key", "secret", None, None, None, False)
        number = number or "5215550001111"
        return Sender(bot_id, number, credentials, self.messages_per_second, prices=self.prices)
