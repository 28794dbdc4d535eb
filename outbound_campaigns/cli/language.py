"""Chooses the terminal's language, and shows refusals in it."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from bot_config.refusal import Refusal
from bot_config.words import LANGUAGES, Words


def terminal_language(environ: Mapping[str, str] = os.environ) -> str:
    """Return the locale's language if it is one of LANGUAGES, else the first, as the panel and the API do."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    language = locale[:2].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


def say(words: Words, **values: object) -> None:
    """Print words in the terminal's language."""
    click.echo(words.text(terminal_language(), **values))


def click_error(refusal: Refusal) -> click.ClickException:
    """Return the refusal as click shows it: one line on standard error, exit code 1."""
    return click.ClickException(refusal.text(terminal_language()))
