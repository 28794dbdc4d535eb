"""Through which account, and from which number, a bot's campaigns are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot_config.vonage import VonageCredentials
from outbound_campaigns.sending.pace import Limit, account_key, sender_key


@dataclass(frozen=True, slots=True)
class Sender:
    """A business number and the account it is sent through, as a bot's files have them now."""

    bot_id: str
    number: str
    credentials: VonageCredentials
    messages_per_second: float

    @property
    def account(self) -> str:
        return self.credentials.api_key

    @property
    def limits(self) -> Sequence[Limit]:
        """The paces that must both let a message leave."""
        return (
            Limit(account_key(self.account), self.bot_id, self.messages_per_second),
            Limit(sender_key(self.number), self.bot_id, self.messages_per_second),
        )


class Senders(Protocol):
    def sender(self, bot_id: str, number: str | None) -> Sender:
        """The bot's sender; `number` overrides the bot's own. Raises ConfigurationMissing."""
        ...
