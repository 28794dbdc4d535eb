"""`workers`: who sends what."""

from __future__ import annotations

import os

import click

from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.workers import show_roster


@click.command()
def workers() -> None:
    """Say who sends, what each worker does, and what is stuck and why. Exit code 0: nothing is."""
    if not show_roster(read_settings(), os.environ):
        raise SystemExit(1)
