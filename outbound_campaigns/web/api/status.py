"""The route for the module's health, as one bot sees it."""

from __future__ import annotations

import math
import time
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa

from bot_config.accounts import Account
from bot_config.botpress_channel import messaging_path
from bot_config.lines import missing_lines
from bot_config.problems import Problem
from bot_config.refusal import Refusal
from bot_config.words import Sentence, Words
from outbound_campaigns.database.models import Pace, RefusedWebhook
from outbound_campaigns.database.postgresql_session import settings_off
from outbound_campaigns.database.transactions import instant
from outbound_campaigns.domain.addresses import replies_url
from outbound_campaigns.domain.durability import UNSAFE, UNSAFE_WHEN_OFF, unsafe
from outbound_campaigns.domain.refusals.configuration import ConfigurationMissing
from outbound_campaigns.domain.reply_outages import CODE, why_not_taken
from outbound_campaigns.incoming import replies
from outbound_campaigns.incoming.receipts import OTHER_NUMBER
from outbound_campaigns.reports.stalls import Cause, find_stalls, general_cause
from outbound_campaigns.reports.workers import roster
from outbound_campaigns.sending.pace import account_key, recent_ceilings
from outbound_campaigns.web.api.blueprint import blueprint
from outbound_campaigns.web.api.campaigns import Json
from outbound_campaigns.web.api.presenters import access_of, waiting_campaign_view
from outbound_campaigns.web.api.schemas.status import Status
from outbound_campaigns.web.api.service import bot, database, language, permission, service
from outbound_campaigns.web.api.texts import NO_FORWARDING, NO_RECEIPTS, NO_SECRET, PACE_SHARED


@blueprint.route("/status")
@blueprint.response(200, Status)
def status() -> Json:
    """Can campaigns of this bot be sent now, and if not, why?"""
    stop = general_cause(database())
    running = stop is None
    account, problems = _account()
    ceilings = _ceilings(account)
    if account is not None and _is_slowed(account, ceilings):
        problems.append(_said("pace_shared", PACE_SHARED))
    problems += _unsafe_settings()
    inbound = _inbound()
    if inbound["outage"] is not None:
        problems.append(inbound["outage"])
    if stop is not None:
        problems.append({"code": stop.code, "message": stop.text(language())})
    configured = account is not None and not account.obstacles
    return {
        "status": "ok" if running and configured else "degraded",
        "version": version("outbound-campaigns"),
        "can_write": permission().can_write,
        "bot": {
            "id": bot().id,
            "sender_number": account.settings.sender_number if account else None,
            "lists_templates": account is not None and account.settings.waba_id is not None,
            "messages_per_second": account.settings.messages_per_second if account else None,
            "vonage": {"configured": configured, "missing": _missing(account)},
            "lines": missing_lines(account) if account else [],
            "receipts": _receipts(account) | _put_aside_today(),
            "inbound": inbound,
        },
        "engine": {
            "kind": service().settings.engine,
            "running": running,
            "last_batch_at": _last_batch_at(ceilings),
            "workers": _workers(),
        },
        "database": "ok",
        "problems": problems,
        "waiting": _waiting(stop),
    }


def _unsafe_settings() -> list[dict[str, str]]:
    with database().read() as session:
        names = settings_off(session, UNSAFE_WHEN_OFF)
    return [{"code": UNSAFE, "message": unsafe(name).text(language())} for name in names]


def _waiting(stop: Cause | None) -> list[dict[str, Any]]:
    with database().read() as session:
        found = find_stalls(session, database().now(session), stop, access_of, bot().id)
    return [waiting_campaign_view(one) for one in found]


def _workers() -> list[dict[str, Any]]:
    """Return the living workers of a cluster, with this bot's campaigns that each one sends."""
    with database().read() as session:
        seen = roster(session, database().now(session))
    return [
        asdict(one) | {"campaigns": [held.id for held in one.campaigns if held.bot_id == bot().id]}
        for one in seen
    ]


def _account() -> tuple[Account | None, list[dict[str, str]]]:
    """Return the bot's account as far as its files can be read, and all that is wrong with them."""
    try:
        account = service().senders.account(bot().id)
    except ConfigurationMissing as refusal:
        return None, [{"code": refusal.code, "message": refusal.text(language())}]
    return account, [_problem(problem) for problem in (*account.obstacles, *account.warnings)]


def _missing(account: Account | None) -> list[dict[str, str]]:
    return [] if account is None else [_problem(problem) for problem in account.obstacles]


def _receipts(account: Account | None) -> dict[str, Any]:
    """Return whether messages sent now ask for receipts, and if not, why."""
    if service().settings.external_url is None:
        return {"on": False, "reason": NO_RECEIPTS.text(language())}
    if account is None or account.credentials is None or account.credentials.signature_secret is None:
        return {"on": False, "reason": NO_SECRET.text(language())}
    return {"on": True, "reason": None}


def _inbound() -> dict[str, Any]:
    """Return whether Botpress gets what people write, and if not, why."""
    forwarding = service().settings.botpress_url is not None
    with database().read() as session:
        waiting, lost = replies.waiting_and_lost(session, bot().id)
        received = replies.has_received(session, bot().id)
        outage = replies.outage_of(session, bot().id)
    return {
        "forwarding": forwarding,
        "reason": None if forwarding else NO_FORWARDING.text(language()),
        "waiting": waiting,
        "lost": lost,
        "outage": _said(CODE, why_not_taken(outage.status, _messaging_url())) if outage else None,
        "has_received": received,
        "url": replies_url(service().settings.external_url, bot().id),
    }


def _messaging_url() -> str:
    """Return where Botpress is to take messages; its address alone while the bot's files can't be read."""
    url = service().settings.botpress_url or ""
    try:
        return f"{url}{messaging_path(service().senders.bot(bot().id))}"
    except Refusal:
        return url


def _put_aside_today() -> dict[str, int]:
    """Return how many of the bot's webhooks were refused, or put aside, since midnight (UTC)."""
    with database().read() as session:
        today = database().now(session).date()
        query = sa.select(RefusedWebhook.reason, RefusedWebhook.count).where(
            RefusedWebhook.bot_id == bot().id, RefusedWebhook.day == today
        )
        counts = {str(reason): int(count) for reason, count in session.execute(query)}
    of_others = counts.pop(OTHER_NUMBER, 0)
    return {"refused_today": sum(counts.values()), "other_number_today": of_others}


def _ceilings(account: Account | None) -> dict[str, list[float]]:
    """Return {bot: [messages a second, when it last sent]} for all bots that send through the account."""
    if account is None or account.credentials is None:
        return {}
    key = account_key(account.credentials.api_key, account.credentials.sandbox)
    query = sa.select(Pace.ceilings).where(Pace.key == key)
    with database().read() as session:
        return session.execute(query).scalar_one_or_none() or {}


def _is_slowed(account: Account, ceilings: dict[str, list[float]]) -> bool:
    """Return whether another bot's smaller setting limits this bot too."""
    others = (rate for name, (rate, _) in recent_ceilings(ceilings, time.time()).items() if name != bot().id)
    return min(others, default=math.inf) < account.settings.messages_per_second


def _last_batch_at(ceilings: dict[str, list[float]]) -> Any:
    """Return when a message of this bot was last given its turn by the account's pace."""
    last = ceilings.get(bot().id)
    return instant(last[1]) if last else None


def _problem(problem: Problem) -> dict[str, str]:
    return {"code": problem.code, "message": problem.text(language())}


def _said(code: str, words: Words | Sentence) -> dict[str, str]:
    return {"code": code, "message": words.text(language())}
