"""The commands `worker` and `workers`: checks before a worker's start, and which worker sends what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import click

from bot_config.refusal import Refusal
from outbound_campaigns.cli.language import click_error, say, terminal_language
from outbound_campaigns.cli.texts import IDLE, LEADS, NOBODY, NOTHING_WAITS, SENDS, WAITS, WORKER
from outbound_campaigns.database.migrations.tables import Tables
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import open_database
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.refusals.request import InvalidValue
from outbound_campaigns.domain.stall_causes import OBSTACLES
from outbound_campaigns.engine.permit import obstacle
from outbound_campaigns.engine.queue_tables import has_queue
from outbound_campaigns.engine.waking import CLUSTER, wake_of
from outbound_campaigns.reports.stalls import find_stalls, general_cause
from outbound_campaigns.reports.workers import WorkerView, roster
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import bots_of
from outbound_campaigns.vonage.senders import BotSenders


def must_be_ready(settings: Settings) -> None:
    """Raise click.ClickException with what keeps a worker from running, and the remedy, if anything does."""
    try:
        if settings.engine != CLUSTER:
            raise InvalidValue(name="OUTBOUND_ENGINE", value=settings.engine, expected=CLUSTER)
        wake_of(settings)
    except Refusal as refusal:
        raise click_error(refusal) from None
    with open_database(settings.database_url) as database:
        found = obstacle(database)
        if found is not None:
            raise click.ClickException(found.text(terminal_language()))
        if not has_queue(database):
            raise click.ClickException(OBSTACLES[Tables.MISSING].text(terminal_language()))


def show_roster(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Print the workers and the stalls. Returns True when a worker runs and nothing is stuck."""
    senders = BotSenders(bots_of(settings, environ), settings.external_url)

    def access_of(campaign: Campaign) -> Access | None:
        return senders.access(campaign.bot_id, campaign.sender_number)

    with open_database(settings.database_url) as database:
        stop = general_cause(database)
        with database.read() as session:
            now = database.now(session)
            seen = roster(session, now)
            found = find_stalls(session, now, stop, access_of)
    for one in seen:
        _say_worker(one, now)
    if not seen:
        say(NOBODY)
    for stuck in found:
        why, campaign = stuck.cause.text(terminal_language()), stuck.campaign
        names = {"id": campaign.id, "bot": campaign.bot_id, "name": campaign.name}
        say(WAITS, **names, since=_moment(stuck.since), why=why)
    if not found:
        say(NOTHING_WAITS)
    return bool(seen) and not found


def _say_worker(one: WorkerView, now: datetime) -> None:
    say(
        WORKER,
        name=one.name,
        version=one.version,
        since=_moment(one.joined_at),
        age=f"{(now - one.renewed_at).total_seconds():.1f}",
        leads=LEADS.text(terminal_language()) if one.leads else "",
    )
    for campaign in one.campaigns:
        say(SENDS, id=campaign.id, bot=campaign.bot_id, name=campaign.name)
    if not one.campaigns:
        say(IDLE)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
