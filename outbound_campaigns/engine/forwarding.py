"""The engine's part in replies: it evaluates them, and forwards them to Botpress."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import requests

from bot_config.botpress_channel import messaging_path
from bot_config.module_settings import ModuleSettings
from bot_config.refusal import Refusal
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.rare_log import RareLog
from outbound_campaigns.incoming import replies
from outbound_campaigns.incoming.replies import ReplyInLine, ReplyTerms
from outbound_campaigns.runtime.proxies import no_proxy_to_this_machine
from outbound_campaigns.vonage.senders import BotSenders

ABREAST = 8
"""messages of different people that are posted to Botpress at once"""

ROUNDS = 50
"""most rounds in one call, so that a long queue does not keep the engine from ending"""

PROBE_EACH = 5.0
"""seconds until a bot whose messages Botpress does not take is tried again, whatever their own waits are"""

TIMEOUTS = (3.0, 15.0)
"""seconds: to connect, to answer"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Forwarding:
    """Handles replies whenever the engine's jobs call it. Without `botpress_url` nothing is forwarded.

    While Botpress takes none of a bot's messages, one of them is tried every few seconds, and the others go
    as soon as that one is taken.
    """

    database: Database
    senders: BotSenders
    botpress_url: str | None
    _known: dict[str, ReplyTerms] = field(default_factory=dict)
    """the latest terms that could be read, by bot"""
    _probed_at: dict[str, float] = field(default_factory=dict)
    """when, in this process's seconds, a message of a bot was last tried before its time"""
    _rare: RareLog = field(default_factory=RareLog)

    def apply(self) -> None:
        """Evaluate the replies stored since the last call."""
        while (
            replies.apply_some(self.database, self._terms, self.botpress_url is not None)
            >= replies.REPLIES_AT_ONCE
        ):
            pass

    def forward(self) -> None:
        """Forward the replies that are due, until none is, or Botpress answers none of them."""
        self._forward(self._to_probe())
        for _ in range(ROUNDS):
            with self.database.read() as session:
                messages = replies.first_in_line(session, self.database.now(session), ABREAST)
            if not any(status is not None for status in self._forward(messages)):
                return

    def _to_probe(self) -> Sequence[ReplyInLine]:
        now = time.monotonic()
        lately = [bot_id for bot_id, at in self._probed_at.items() if now - at < PROBE_EACH]
        with self.database.read() as session:
            held_up = replies.first_held_up(session, self.database.now(session), lately)
        self._probed_at.update({message.bot_id: now for message in held_up})
        return held_up[:ABREAST]

    def _forward(self, messages: Sequence[ReplyInLine]) -> Sequence[int | None]:
        if not messages:
            return []
        with ThreadPoolExecutor(len(messages), "forward") as threads:
            statuses = list(threads.map(self._post, messages))
        back = {
            message.bot_id
            for message, status in zip(messages, statuses, strict=True)
            if message.tries and replies.is_taken(status)
        }
        with self.database.write() as session:
            now = self.database.now(session)
            for message, status in zip(messages, statuses, strict=True):
                replies.answered(session, message, status, now)
            if back:
                replies.let_go(session, back, now)
        self._tell_of_end(back)
        return statuses

    def _tell_of_end(self, bot_ids: Iterable[str]) -> None:
        for bot_id in bot_ids:
            if self._rare.is_over(bot_id):
                log.warning("Botpress takes the messages to %s again", bot_id)

    def _post(self, message: ReplyInLine) -> int | None:
        """Post a reply. Returns Botpress's status; None where it, or the bot's path, can't be found out."""
        try:
            url = f"{self.botpress_url}{messaging_path(self.senders.bot(message.bot_id))}"
            with requests.post(
                url,
                data=message.raw,
                headers={"Content-Type": "application/json"},
                auth=_Unchanged(message.authorization),
                timeout=TIMEOUTS,
                allow_redirects=False,
                stream=True,
                proxies=no_proxy_to_this_machine(url),
            ) as response:
                if not replies.is_taken(response.status_code):
                    self._tell(message.bot_id, url, f"HTTP {response.status_code}")
                return response.status_code
        except (requests.RequestException, Refusal) as error:
            self._tell(message.bot_id, self.botpress_url, type(error).__name__)
            return None

    def _tell(self, bot_id: str, url: str | None, why: str) -> None:
        if self._rare.is_due(bot_id, why):
            log.warning("Botpress does not take what people write to %s: %s at %s", bot_id, why, url)

    def _terms(self, bot_id: str) -> ReplyTerms:
        """Return the terms of the bot's files, or of what was read of them last, or else the defaults.

        Opt-outs count even while a bot's files are broken or gone, and no bot's files delay another's.
        """
        try:
            settings = self.senders.account(bot_id).settings
        except Refusal as refusal:
            log.warning("the settings of %s can't be read now: %s", bot_id, refusal.code)
            return self._known.get(bot_id) or _terms_in(ModuleSettings())
        self._known[bot_id] = _terms_in(settings)
        return self._known[bot_id]


def _terms_in(settings: ModuleSettings) -> ReplyTerms:
    return ReplyTerms(settings.opt_out_words, timedelta(days=settings.reply_days))


class _Unchanged(requests.auth.AuthBase):
    """Keeps Vonage's own header, which a .netrc with the host's name would replace."""

    def __init__(self, authorization: str) -> None:
        self._authorization = authorization

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._authorization
        return request
