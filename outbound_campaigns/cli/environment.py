"""Reads the settings from the environment of a command."""

from __future__ import annotations

import os

from bot_config.refusal import Refusal
from outbound_campaigns.cli.language import click_error
from outbound_campaigns.runtime.settings import Settings


def read_settings() -> Settings:
    """Return the settings. Raises click.ClickException with what is wrong with them."""
    try:
        return Settings.from_environ(os.environ)
    except Refusal as refusal:
        raise click_error(refusal) from None
