"""Sends again to those that failed, from the terminal: shows why they did, and whom it makes sense for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot_config.refusal import Refusal
from outbound_campaigns.campaigns import actions, campaign_rows, retrying
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.retrying import Cause, Choice
from outbound_campaigns.cli.language import click_error, say, terminal_language
from outbound_campaigns.cli.send import operator_name
from outbound_campaigns.cli.texts import CAUSE, GO_ON, RETRY, RETRY_LATER, RETRY_NEVER, RETRY_NOW
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.engine.waking import wake_of
from outbound_campaigns.runtime.settings import Settings


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator typed; `confirm` asks whether to go on, None with --yes."""

    bot_id: str
    campaign_id: int
    choice: Choice
    confirm: Callable[[str], bool] | None


def run_retry(settings: Settings, wish: Wish) -> None:
    """Carry a wish out; the service's engine sends. Raises click.ClickException."""
    try:
        with open_database(settings.database_url, wake=wake_of(settings)) as database:
            _retry(database, wish)
    except Refusal as refusal:
        raise click_error(refusal) from None


def _retry(database: Database, wish: Wish) -> None:
    with database.read() as session:
        campaign = campaign_rows.get_of_bot(session, wish.bot_id, wish.campaign_id)
        causes = retrying.causes_of(session, campaign.id, database.now(session))
    _show(causes)
    taken = sum(map(wish.choice.takes, causes))
    if taken:
        say(RETRY, taken=taken, left_out=sum(cause.count for cause in causes) - taken)
        if wish.confirm is not None and not wish.confirm(GO_ON.text(terminal_language())):
            return
    # With nobody to take, this says why.
    with database.write() as session:
        act = Act(operator_name(), database.now(session))
        actions.retry_failed(session, wish.campaign_id, act, wish.choice)


def _show(causes: Sequence[Cause]) -> None:
    for cause in causes:
        reason = cause.code.reason.text(terminal_language())
        say(CAUSE, count=cause.count, code=cause.code.code, reason=reason)
        if cause.due:
            say(RETRY_NOW, count=cause.due)
        if cause.due_from:
            since = cause.due_from.isoformat(timespec="minutes")
            say(RETRY_LATER, count=cause.waiting, since=since)
        if cause.code.retry_after is None:
            say(RETRY_NEVER)
