"""`doctor`: what keeps the bots' campaigns from being sent."""

from __future__ import annotations

import os

import click

from outbound_campaigns.cli.doctor import examine
from outbound_campaigns.cli.doctor_texts import NOTHING_WRONG
from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.language import say, terminal_language

MARKS = {"ok": "✓ ", "warning": "! ", "error": "✗ ", "heading": ""}


@click.command()
@click.option("--bot", "bot_id", help="The bot's id in Botpress; every bot's when left out.")
def doctor(bot_id: str | None) -> None:
    """Say what keeps campaigns from being sent, and how to mend it."""
    wrong = False
    for finding in examine(read_settings(), os.environ, bot_id):
        wrong = wrong or finding.level == "error"
        click.echo(f"{MARKS[finding.level]}{finding.text(terminal_language())}")
    if wrong:
        raise SystemExit(1)
    say(NOTHING_WRONG)
