"""Caches the template lists of bots' WhatsApp accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from outbound_campaigns.domain.refusals.configuration import WabaMissing
from outbound_campaigns.runtime.cache import AnswerCache
from outbound_campaigns.vonage.definitions.reading import read_definition
from outbound_campaigns.vonage.definitions.slots import TemplateDefinition
from outbound_campaigns.vonage.senders import BotSenders, sender_of
from outbound_campaigns.vonage.templates import TemplateList

LISTS_LAST = 300.0
"""seconds that a list is used before it is read again"""

_MOST = 100
"""most lists in the cache"""


class TemplateLists:
    """The template lists of accounts, each read from Vonage once in five minutes; `elapsed` is in seconds."""

    def __init__(self, senders: BotSenders, vonage_url: str, elapsed: Callable[[], float]) -> None:
        self._senders = senders
        self._vonage_url = vonage_url
        self._elapsed = elapsed
        self._lists: AnswerCache[Sequence[TemplateDefinition]] = AnswerCache(elapsed, _MOST)

    def of(self, bot_id: str) -> Sequence[TemplateDefinition]:
        """Return the templates of a bot's WhatsApp account.

        Raises ConfigurationMissing, WabaMissing, TemplatesUnavailable, SourceUnavailable.
        """
        account = self._senders.account(bot_id)
        waba_id = account.settings.waba_id
        if waba_id is None:
            raise WabaMissing
        credentials = sender_of(account, None).credentials
        listed = TemplateList(self._vonage_url, waba_id, credentials)

        def ask() -> tuple[Sequence[TemplateDefinition], float]:
            return [read_definition(one) for one in listed], self._elapsed() + LISTS_LAST

        return self._lists.get((credentials, waba_id), ask)
