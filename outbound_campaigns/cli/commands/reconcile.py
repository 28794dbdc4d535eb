"""`reconcile`: what became of messages, by Vonage's records."""

from __future__ import annotations

import os

import click

from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.reconcile import Inquiry, run_reconcile


@click.command()
@click.option("--bot", "bot_id", required=True, help="The bot's id in Botpress.")
@click.option(
    "--campaign", "campaign_id", type=int, help="One campaign; all with messages in doubt if left out."
)
@click.option(
    "--without-receipt", is_flag=True, help="Ask about messages sent long ago without a receipt too."
)
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
def reconcile(bot_id: str, campaign_id: int | None, without_receipt: bool, yes: bool) -> None:
    """Ask Vonage's records, each of which it charges for, what became of messages. Exit code 0: all told."""
    inquiry = Inquiry(bot_id, campaign_id, without_receipt, None if yes else click.confirm)
    if not run_reconcile(read_settings(), os.environ, inquiry):
        raise SystemExit(1)
