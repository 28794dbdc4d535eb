"""Chooses the terminal's language, and shows refusals in it."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from bot_config.refusal import Refusal
from bot_config.words import Words


def terminal_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return en where the environment's locale says so, else es, as in the panel and the API."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "en" if locale.lower().startswith("en") else "es"


def say(words: Words, **values: object) -> None:
    """Print words in the terminal's language."""
    click.echo(words.text(terminal_language(), **values))


def click_error(refusal: Refusal) -> click.ClickException:
    """Return the refusal as click shows it: one line on standard error, exit code 1."""
    return click.ClickException(refusal.text(terminal_language()))
