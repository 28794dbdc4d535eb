"""`retry-failed`: send again to those that failed, by the cause of their failure."""

from __future__ import annotations

import click

from outbound_campaigns.campaigns.retrying import Choice
from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.retry_failed import Wish, run_retry
from outbound_campaigns.domain.codes.tables import CodeClass


@click.command()
@click.option("--bot", "bot_id", required=True, help="The bot's id in Botpress.")
@click.option("--campaign", "campaign_id", type=int, required=True)
@click.option("--code", "codes", multiple=True, help="Those that failed with this code; may be repeated.")
@click.option("--class", "classes", multiple=True, type=click.Choice(list(map(str, CodeClass))))
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
def retry_failed(
    bot_id: str, campaign_id: int, codes: tuple[str, ...], classes: tuple[str, ...], yes: bool
) -> None:
    """Send again to those that failed: all for whom it makes sense now, or those with a code or class."""
    choice = Choice(codes, [CodeClass(name) for name in classes])
    run_retry(read_settings(), Wish(bot_id, campaign_id, choice, None if yes else click.confirm))
