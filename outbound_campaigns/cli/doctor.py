"""Finds what keeps the bots' campaigns from being sent, before they start, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from textwrap import indent
from typing import Any

import requests
import sqlalchemy as sa

from bot_config.accounts import Account
from bot_config.botpress_channel import messaging_path
from bot_config.bots import Bot
from bot_config.lines import missing_lines
from bot_config.prices import CATEGORIES, ELSEWHERE, PriceTable
from bot_config.refusal import Refusal
from bot_config.vonage import VonageCredentials, masked
from bot_config.words import Sentence
from outbound_campaigns.cli.doctor_texts import WORDS
from outbound_campaigns.database.postgresql_session import settings_off
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.domain.addresses import replies_url
from outbound_campaigns.domain.durability import UNSAFE, UNSAFE_WHEN_OFF, unsafe
from outbound_campaigns.domain.refusals.configuration import ConfigurationMissing
from outbound_campaigns.domain.reply_outages import why_not_taken
from outbound_campaigns.engine.lease import engine_alive
from outbound_campaigns.engine.permit import obstacle
from outbound_campaigns.incoming import replies
from outbound_campaigns.runtime.proxies import no_proxy_to_this_machine
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import bots_of
from outbound_campaigns.vonage.authorization import basic, bearer
from outbound_campaigns.vonage.gateway import MESSAGES_PATH, SANDBOX
from outbound_campaigns.vonage.senders import BotSenders

CLOCK_TOLERANCE = 30.0
"""seconds; Vonage checks a token's times against its own clock"""

_TIMEOUTS = (5.0, 15.0)


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check, or a `heading`. Else `level` is ok, warning (sending works) or error."""

    level: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        return WORDS[self.name].text(language, **self.values)


def _fine(name: str, **values: object) -> Finding:
    return Finding("ok", name, values)


def _warning(name: str, **values: object) -> Finding:
    return Finding("warning", name, values)


def _error(name: str, **values: object) -> Finding:
    return Finding("error", name, values)


def examine(settings: Settings, environ: Mapping[str, str], bot_id: str | None = None) -> Iterator[Finding]:
    """Check the installation, and everything that sending for a bot needs; without an id for every bot."""
    yield from _database(settings)
    senders = BotSenders(bots_of(settings, environ))
    if bot_id is not None:
        yield from _bot(settings, senders, bot_id)
        return
    try:
        ids: Sequence[str] = senders.bot_ids()
    except Refusal as refusal:
        yield _error("bot_files", problem=_plain(refusal))
        return
    if not ids:
        yield _error("no_bots")
    for one in ids:
        yield Finding("heading", "bot", {"bot": one})
        yield from _bot(settings, senders, one, must_send=False)


def _bot(settings: Settings, senders: BotSenders, bot_id: str, must_send: bool = True) -> Iterator[Finding]:
    """Check one bot. Unless it `must_send`, it may be without the channel, or disabled."""
    try:
        account = senders.account(bot_id)
    except Refusal as refusal:
        yield _error("bot_files", problem=_plain(refusal))
        return
    if not must_send and (account.bot.channel is None or account.bot.disabled):
        yield _fine("other_channels")
        return
    yield from _configuration(account)
    yield from _replies(settings, account.bot)
    if account.credentials is not None:
        yield from _vonage(settings, account.credentials)


def _plain(refusal: Refusal) -> Refusal | Sentence:
    return refusal.problems if isinstance(refusal, ConfigurationMissing) else refusal


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with open_database(settings.database_url) as database:
            yield from _tables(database)
    except sa.exc.SQLAlchemyError as failure:
        yield _error("database_down", kind=type(failure).__name__)


def _tables(database: Database) -> Iterator[Finding]:
    found = obstacle(database)
    if found is not None:
        yield _error("obstacle", obstacle=found)
    if found is not None and not found.is_copy:
        return
    yield _fine("database")
    skew = (database.read_clock() - datetime.now(UTC)).total_seconds()
    if abs(skew) > CLOCK_TOLERANCE:
        yield _warning("database_clock", skew=skew)
    with database.read() as session:
        for name in settings_off(session, UNSAFE_WHEN_OFF):
            yield _warning(UNSAFE, problem=unsafe(name))
    if found is None:
        yield _fine("engine") if engine_alive(database) else _warning("engine_missing")


def _replies(settings: Settings, bot: Bot) -> Iterator[Finding]:
    """Say whether what people answer comes in; a database that does not answer has been told of."""
    with suppress(sa.exc.SQLAlchemyError), open_database(settings.database_url) as database:
        with database.read() as session:
            received = replies.has_received(session, bot.id)
        url = replies_url(settings.external_url, bot.id)
        yield _fine("inbound") if received else _warning("inbound_missing", url=url)
    if settings.botpress_url is not None:
        yield _messaging(f"{settings.botpress_url}{messaging_path(bot)}")


def _messaging(url: str) -> Finding:
    """Say whether Botpress takes messages, by its answer to one that nobody has signed."""
    try:
        proxies = no_proxy_to_this_machine(url)
        status = requests.post(
            url, json={}, timeout=_TIMEOUTS, allow_redirects=False, proxies=proxies
        ).status_code
    except requests.RequestException:
        status = None
    # The legacy channel answers 200 to whatever it does not believe (messaging 0.1.1, vonage/api.ts).
    if status in (200, 401, 403):
        return _fine("messaging")
    return _warning("messaging_refuses", problem=why_not_taken(status, url))


def _configuration(account: Account) -> Iterator[Finding]:
    bot, settings, credentials = account.bot, account.settings, account.credentials
    if bot.private:
        yield _warning("bot_private", bot=bot.id)
    for problem in account.obstacles:
        yield _error("bot_files", problem=problem)
    for problem in account.warnings:
        yield _warning("bot_files", problem=problem)
    for lines in missing_lines(account):
        yield Finding("heading", "lines", {"file": lines.file, "text": indent(lines.text, " " * 4)})
    if credentials is None:
        return
    way = "JWT" if credentials.uses_token else "Basic"
    yield _fine("account", account=masked(credentials.api_key), way=way, bot=bot.id)
    if settings.sender_number is not None:
        yield _fine("sender", number=settings.sender_number, rate=settings.messages_per_second)
    yield from _prices(settings.prices)
    if credentials.signature_secret is None:
        yield _warning("signature_missing")


def _prices(table: PriceTable | None) -> Iterator[Finding]:
    """Check the prices: a campaign with a spend limit starts only where every recipient has one."""
    if table is None:
        yield _warning("prices_missing")
        return
    listed = ", ".join(sorted(table.countries))
    yield _fine("prices", countries=listed, currency=table.currency)
    lacking = [category for category in CATEGORIES if table.price(ELSEWHERE, category) is None]
    if lacking:
        yield _warning("prices_some", categories=", ".join(lacking))


def _vonage(settings: Settings, credentials: VonageCredentials) -> Iterator[Finding]:
    """Check Vonage with an empty message, which it must refuse with 422: nobody gets anything."""
    url = SANDBOX if credentials.sandbox else settings.vonage_url
    header = bearer(credentials) if credentials.uses_token else basic(credentials)
    headers = {"Authorization": header, "Content-Type": "application/json"}
    try:
        answer = requests.post(url + MESSAGES_PATH, data=b"{}", headers=headers, timeout=_TIMEOUTS)
    except requests.RequestException as failure:
        yield _error("vonage_unreachable", url=url, kind=type(failure).__name__)
        return
    yield ANSWERS.get(answer.status_code) or _error("vonage_other", status=answer.status_code)
    yield from _clock(answer.headers.get("Date", ""))


ANSWERS: Mapping[int, Finding] = {
    422: _fine("vonage"),
    429: _fine("vonage"),
    401: _error("vonage_401"),
    402: _error("vonage_402"),
}


def _clock(date: str) -> Iterator[Finding]:
    try:
        theirs = parsedate_to_datetime(date)
    except (ValueError, TypeError):
        return
    skew = (datetime.now(UTC) - theirs).total_seconds()
    yield _fine("clock") if abs(skew) <= CLOCK_TOLERANCE else _error("clock_wrong", skew=skew)
