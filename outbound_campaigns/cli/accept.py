"""Runs `db accept`: an operator accepts a restored copy as the database to send from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click
from sqlalchemy.orm import Session

from outbound_campaigns.cli.language import say, terminal_language
from outbound_campaigns.cli.send import operator_name
from outbound_campaigns.cli.texts import (
    ACCEPT_NOW,
    ACCEPTED,
    ENGINE_RUNS,
    NEVER_LEFT,
    NOTHING_AT_WORK,
    NOTHING_TO_ACCEPT,
    SENT_SINCE,
    WOULD_SEND,
)
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine import restored_copy
from outbound_campaigns.engine.lease import engine_alive
from outbound_campaigns.engine.permit import obstacle


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The operator's options: `confirm` asks (None with --yes); `anyway` accepts even what is no copy."""

    confirm: Callable[[str], bool] | None
    anyway: bool = False


def run_accept(database: Database, acceptance: Acceptance) -> bool:
    """Accept the copy. Returns whether the database may be sent from now. Raises click.ClickException."""
    found = obstacle(database)
    if found is not None and not found.is_copy:
        raise click.ClickException(found.text(terminal_language()))
    if found is None:
        if not acceptance.anyway:
            say(NOTHING_TO_ACCEPT)
            return True
        if engine_alive(database):
            raise click.ClickException(ENGINE_RUNS.text(terminal_language()))
    else:
        click.echo(found.text(terminal_language()))
    with database.read() as session:
        _show(session)
    say(SENT_SINCE)
    if acceptance.confirm is not None and not acceptance.confirm(ACCEPT_NOW.text(terminal_language())):
        return False
    done = restored_copy.accept(database, operator_name())
    say(ACCEPTED, paused=done.paused, in_doubt=done.in_doubt)
    return True


def _show(session: Session) -> None:
    campaigns = restored_copy.at_work(session)
    if not campaigns:
        say(NOTHING_AT_WORK)
    for campaign in campaigns:
        newest = restored_copy.newest_departure(session, campaign)
        say(
            WOULD_SEND,
            id=campaign.id,
            bot=campaign.bot_id,
            name=campaign.name,
            status=campaign.status,
            pending=campaign.pending_count,
            sending=campaign.sending_count,
            total=campaign.counts["total"],
            newest=newest.isoformat(timespec="seconds") if newest else NEVER_LEFT.text(terminal_language()),
        )
