"""Sends a whole campaign from the terminal: create, import, start, watch, report."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from bot_config.money import shown
from bot_config.prices import ELSEWHERE, PriceTable
from bot_config.refusal import Refusal
from outbound_campaigns.audience import importing
from outbound_campaigns.audience.judging.starting import must_be_judged
from outbound_campaigns.campaigns import actions, campaign_rows, canary, spending
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.campaigns.canary import CanaryState
from outbound_campaigns.cli.language import click_error, say, terminal_language
from outbound_campaigns.cli.processes import Family, engine_program
from outbound_campaigns.cli.texts import (
    AWAITING_CANARY,
    CREATED,
    ENDED,
    FLAW,
    FLAWED,
    IMPORT_FAILED,
    IMPORTED,
    INTERRUPTED,
    OUT_OF_REACH,
    PROGRESS,
    READ_AS,
    REFUSED_MORE,
    SENT_ELSEWHERE,
    SPENT,
)
from outbound_campaigns.database.models import Campaign, Import
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.flaws import FLAW_CODES
from outbound_campaigns.domain.names import CAMPAIGN_STATUSES, RECIPIENT_COUNTS
from outbound_campaigns.domain.reasons import reason_text
from outbound_campaigns.domain.refusals.configuration import PricesMissing
from outbound_campaigns.domain.row_refusals import file_sentence, row_sentence
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.lease import engine_alive
from outbound_campaigns.engine.permit import obstacle
from outbound_campaigns.engine.waking import wake_of
from outbound_campaigns.reports import campaign_report, cost
from outbound_campaigns.runtime.ending import SIGNALS
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import Preparation, bots_of
from outbound_campaigns.vonage.senders import BotSenders

_POLL = 0.2
_A_DAY = 86_400.0
_SHOWN = 10
"""refused rows that are listed in the terminal"""


@dataclass(frozen=True, slots=True)
class Order:
    """What the operator typed."""

    campaign: NewCampaign
    csv: Path
    encoding: str | None
    phone_column: str | None
    sheet: str | None
    watch: bool


def run_send(settings: Settings, environ: Mapping[str, str], order: Order) -> bool:
    """Carry an order out. Returns True when every row was imported and every recipient sent to.

    Raises click.ClickException with a refusal's words.
    """
    for number in SIGNALS:
        signal.signal(number, _end)
    try:
        with open_database(settings.database_url, wake=wake_of(settings)) as database:
            found = obstacle(database)
            if found is not None:
                raise click.ClickException(found.text(terminal_language()))
            return _send(database, settings, environ, order)
    except Refusal as refusal:
        raise click_error(refusal) from None


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave, having ended an engine of our own first; what comes meanwhile must not break that off."""
    for each in SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)


def _send(database: Database, settings: Settings, environ: Mapping[str, str], order: Order) -> bool:
    senders = BotSenders(bots_of(settings, environ), settings.external_url)
    prepare = Preparation(senders, settings.vonage_url, database)
    # Before anything is written: a campaign that can't start is not even created.
    template = prepare(Campaign(**_prepared_of(order.campaign)))
    prices = senders.account(order.campaign.bot_id).settings.prices
    if order.campaign.spend_limit is not None and prices is None:
        raise PricesMissing(category=order.campaign.template_category, countries=ELSEWHERE)
    campaign_id, import_id = _create(database, settings, order, template)
    say(CREATED, campaign=campaign_id)
    with _some_engine(database, environ, campaign_id) as engine:
        imported = _wait_for_import(database, import_id, engine)
        _start(database, prepare, prices, campaign_id)
        if not (order.watch or engine):
            say(SENT_ELSEWHERE, campaign=campaign_id)
            return imported.invalid == 0
        campaign = _watch(database, campaign_id, engine)
    _print_report(database, campaign_id, prices)
    counts = campaign.counts
    return imported.invalid == 0 and counts["sent"] + counts["delivered"] + counts["read"] == counts["total"]


def _prepared_of(new: NewCampaign) -> dict[str, Any]:
    return {"bot_id": new.bot_id} | {name: getattr(new, name) for name in actions.LOOKED_UP}


def _create(
    database: Database, settings: Settings, order: Order, template: ResolvedTemplate
) -> tuple[int, int]:
    with order.csv.open("rb") as file:
        spooled = importing.spool(file, settings.upload_dir, settings.max_upload_mb * 1_000_000)
    upload = importing.Upload(
        readable(order.csv.name),
        spooled.path,
        spooled.size,
        order.encoding,
        order.phone_column,
        order.sheet,
        template.definition,
    )
    with importing.discarded_on_error(spooled), database.write() as session:
        act = Act(operator_name(), database.now(session))
        campaign = campaign_rows.create(session, order.campaign, act.at)
        added = importing.add_import(session, campaign.id, upload, act)
        session.flush()
        return campaign.id, added.id


def readable(text: str) -> str:
    """Return what was typed; what is no UTF-8 in it is replaced, since it can neither be stored nor shown."""
    return os.fsencode(text).decode(errors="replace")


@contextmanager
def _some_engine(database: Database, environ: Mapping[str, str], campaign_id: int) -> Iterator[Family | None]:
    """Make sure that an engine runs. Yields one of our own, which ends with this command, or None."""
    if engine_alive(database):
        yield None
        return
    engine = Family([engine_program()], {"OUTBOUND_LOG": "terminal", **environ})
    engine.start()
    try:
        yield engine
    except (KeyboardInterrupt, SystemExit):
        say(INTERRUPTED, campaign=campaign_id)
        raise
    finally:
        engine.stop()


def _wait_a_little(engine: Family | None) -> None:
    time.sleep(_POLL)
    if engine is not None:
        engine.revive()


def _wait_for_import(database: Database, import_id: int, engine: Family | None) -> Import:
    """Return the import once it is completed. Raises click.ClickException when it failed."""
    read = _read_import(database, import_id)
    with click.progressbar(length=max(read.size, 1), label=read.file_name) as bar:
        while read.status == "running":
            _wait_a_little(engine)
            read = _read_import(database, import_id)
            bar.update(read.done - bar.pos)
        bar.update(bar.length - bar.pos if bar.length else 0)
    language = terminal_language()
    if read.status == "failed":
        raise click.ClickException(IMPORT_FAILED.text(language, reason=file_sentence(read.error or {})))
    say(IMPORTED, imported=read.imported, duplicates=read.duplicates, invalid=read.invalid)
    if read.flawed:
        say(FLAWED, count=read.flawed)
        _print_flaws(database, read.campaign_id)
    if read.text_sample:
        say(READ_AS, encoding=read.encoding, sample=" · ".join(read.text_sample))
    _print_refused(database, read)
    return read


def _print_flaws(database: Database, campaign_id: int) -> None:
    with database.read() as session:
        errors = campaign_report.errors_of(session, campaign_id)
    for line in errors:
        if line.code in FLAW_CODES:
            known = explain(line.code)
            say(FLAW, count=line.count, reason=known.reason.text(terminal_language()))


def _print_refused(database: Database, read: Import) -> None:
    language = terminal_language()
    with database.read() as session:
        refused = campaign_report.refused_rows(session, read.id, _SHOWN)
    for row in refused:
        click.echo("  " + row_sentence(row.code, row.row, row.column, row.value).text(language))
    more = read.invalid + read.duplicates - len(refused)
    if more > 0:
        say(REFUSED_MORE, more=more)


def _start(database: Database, prepare: Preparation, prices: PriceTable | None, campaign_id: int) -> None:
    with database.read() as session:
        campaign = campaign_rows.get(session, campaign_id)
    template = prepare(campaign)
    must_be_judged(database, campaign_id, template, patience=_A_DAY)
    with database.write() as session:
        now = database.now(session)
        actions.start(session, campaign_id, template, Act(operator_name(), now))
        started = campaign_rows.get(session, campaign_id)
        spending.must_be_priced(session, started, prices)
        beyond = spending.out_of_reach(session, started)
    if beyond:
        say(OUT_OF_REACH, count=beyond)


def operator_name() -> str:
    """Return who acts from the terminal, for the campaign's events."""
    return f"terminal:{os.environ.get('USER') or 'root'}"


def _watch(database: Database, campaign_id: int, engine: Family | None) -> Campaign:
    """Show progress until the campaign no longer runs, and return it."""
    campaign = _read_campaign(database, campaign_id)
    with click.progressbar(
        length=campaign.counts["total"], show_eta=True, show_pos=True, item_show_func=_pace_of
    ) as bar:
        while campaign.status == "running":
            _wait_a_little(engine)
            campaign = _read_campaign(database, campaign_id)
            bar.update(_done(campaign) - bar.pos, campaign)
        bar.update(_done(campaign) - bar.pos, campaign)
    return campaign


def _done(campaign: Campaign) -> int:
    return campaign.counts["total"] - campaign.pending_count - campaign.sending_count


def _pace_of(campaign: Campaign | None) -> str | None:
    if campaign is None:
        return None
    if canary.is_open(campaign) and canary.state(campaign) is CanaryState.WAITING:
        return AWAITING_CANARY.text(terminal_language())
    rate = campaign_report.per_second(campaign, campaign.updated_at)
    return PROGRESS.text(terminal_language(), rate=rate, in_doubt=campaign.in_doubt_count)


def _print_report(database: Database, campaign_id: int, prices: PriceTable | None) -> None:
    language = terminal_language()
    with database.read() as session:
        report = campaign_report.report(session, campaign_id)
        rate = campaign_report.per_second(report.campaign, database.now(session))
        spent = cost.estimate(session, report.campaign, prices)
    say(ENDED, status=CAMPAIGN_STATUSES[report.campaign.status].text(language), rate=rate)
    for status, count in report.counts.items():
        if count:
            click.echo(f"  {RECIPIENT_COUNTS[status].text(language):12} {count:>9,}")
    for line in report.errors:
        code = explain(line.code)
        status = RECIPIENT_COUNTS[line.status].text(language)
        click.echo(f"  {line.count:>9,} {status}: {code.reason.text(language)} {code.advice.text(language)}")
    if spent.currency:
        committed, possible = shown(spent.committed), shown(spent.possible)
        say(SPENT, committed=committed, possible=possible, currency=spent.currency)
    if report.campaign.status_reason:
        click.echo("  " + reason_text(report.campaign.status_reason, language))


def _read_import(database: Database, import_id: int) -> Import:
    with database.read() as session:
        return session.get_one(Import, import_id)


def _read_campaign(database: Database, campaign_id: int) -> Campaign:
    with database.read() as session:
        return campaign_rows.get(session, campaign_id)
