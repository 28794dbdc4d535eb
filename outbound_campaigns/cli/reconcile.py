"""Asks Vonage's records from the terminal: shows what it may cost, how far it is, and the results."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import click
import sqlalchemy as sa

from bot_config.refusal import Refusal
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.cli.language import click_error, say, terminal_language
from outbound_campaigns.cli.send import operator_name
from outbound_campaigns.cli.texts import (
    ASK,
    ASKED,
    CAMPAIGN,
    FAILED,
    GIVEN,
    GO_ON,
    NOTHING,
    PRICE,
    PRICE_UNKNOWN,
)
from outbound_campaigns.database.models import Campaign, Reconciliation
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.domain.reasons import reason_text
from outbound_campaigns.domain.refusals.state import NothingToReconcile, ReconciliationUnderWay
from outbound_campaigns.engine.lease import engine_alive
from outbound_campaigns.engine.reconciling import Reconciling
from outbound_campaigns.engine.waking import wake_of
from outbound_campaigns.incoming import receipts, reconciliation
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import bots_of
from outbound_campaigns.vonage.senders import BotSenders

_POLL = 0.2


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What the operator typed; `confirm` asks whether to go on, None with --yes."""

    bot_id: str
    campaign_id: int | None
    without_receipt: bool
    confirm: Callable[[str], bool] | None


def run_reconcile(settings: Settings, environ: Mapping[str, str], inquiry: Inquiry) -> bool:
    """Carry an inquiry out. Returns True when every pass was completed. Raises click.ClickException."""
    try:
        with open_database(settings.database_url, wake=wake_of(settings)) as database:
            senders = BotSenders(bots_of(settings, environ))
            return _reconcile(database, senders, settings.vonage_url, inquiry)
    except Refusal as refusal:
        raise click_error(refusal) from None


def _reconcile(database: Database, senders: BotSenders, url: str, inquiry: Inquiry) -> bool:
    chosen = _chosen(database, inquiry)
    for campaign in chosen:
        reconciliation.records_of(senders, inquiry.bot_id, campaign.account, url)
    if not chosen:
        say(NOTHING)
        return True
    if not _agreed(chosen, reconciliation.terms_of(senders, inquiry.bot_id).record_price, inquiry):
        return False
    own = Reconciling(database, senders, url)
    # A campaign whose pass fails does not keep the others from being asked about.
    completed = [_pass(database, campaign.id, inquiry.without_receipt, own) for campaign in chosen]
    return all(completed)


def _chosen(database: Database, inquiry: Inquiry) -> Sequence[Campaign]:
    with database.read() as session:
        if inquiry.campaign_id is not None:
            return [campaign_rows.get_of_bot(session, inquiry.bot_id, inquiry.campaign_id)]
        waiting = Campaign.in_doubt_count + (Campaign.sent_count if inquiry.without_receipt else 0)
        query = sa.select(Campaign).where(
            Campaign.bot_id == inquiry.bot_id, Campaign.deleted_at.is_(None), waiting > 0
        )
        return session.execute(query.order_by(Campaign.id)).scalars().all()


def _agreed(chosen: Sequence[Campaign], price: float | None, inquiry: Inquiry) -> bool:
    """Print what will be asked and what it may cost. Returns whether the operator agrees."""
    rows = sum(c.in_doubt_count + (c.sent_count if inquiry.without_receipt else 0) for c in chosen)
    say(ASK, rows=rows, campaigns=len(chosen))
    if price is None:
        say(PRICE_UNKNOWN)
    else:
        say(PRICE, price=price, most=price * rows)
    return inquiry.confirm is None or inquiry.confirm(GO_ON.text(terminal_language()))


def _pass(database: Database, campaign_id: int, without_receipt: bool, own: Reconciling) -> bool:
    try:
        row, name = _request(database, campaign_id, without_receipt)
    except (ReconciliationUnderWay, NothingToReconcile) as refusal:
        click.echo(refusal.text(terminal_language()))
        return isinstance(refusal, NothingToReconcile)
    reconciliation_id = row.id
    say(CAMPAIGN, campaign=campaign_id, name=name)
    with click.progressbar(length=row.rows, show_pos=True) as bar:
        while row.status == "running":
            # An engine does the work while one runs; it may end meanwhile.
            if not engine_alive(database):
                own.work()
                while receipts.apply_some(database):
                    pass
            time.sleep(_POLL)
            row = _read(database, reconciliation_id)
            bar.update(min(row.asked, row.rows) - bar.pos)
    say(ASKED, asked=row.asked, found=row.found, not_found=row.not_found, early=row.too_early)
    say(GIVEN, questions=row.questions, records=row.records)
    if row.error:
        say(FAILED, reason=reason_text(row.error, terminal_language()))
    return row.status == "completed"


def _request(database: Database, campaign_id: int, without_receipt: bool) -> tuple[Reconciliation, str]:
    """Queue a pass. Returns it and the campaign's name. Raises ReconciliationUnderWay, NothingToReconcile."""
    with database.write() as session:
        act = Act(operator_name(), database.now(session))
        row = reconciliation.request(session, campaign_id, without_receipt, act)
        session.flush()
        return row, campaign_rows.get(session, campaign_id).name


def _read(database: Database, reconciliation_id: int) -> Reconciliation:
    with database.read() as session:
        return session.get_one(Reconciliation, reconciliation_id)
