"""Says in one line what is wrong with the database."""

from __future__ import annotations

import click
from sqlalchemy.exc import DBAPIError

from outbound_campaigns.cli.doctor_texts import WORDS
from outbound_campaigns.cli.language import terminal_language
from outbound_campaigns.database.migrations.tables import Tables
from outbound_campaigns.database.transactions import is_outdated, is_unavailable
from outbound_campaigns.domain.stall_causes import OBSTACLES


def database_trouble(error: Exception) -> click.ClickException | None:
    """Return what to say of a database that does not answer, or lacks tables of this version; else None."""
    if not isinstance(error, DBAPIError):
        return None
    if is_outdated(error):
        return click.ClickException(OBSTACLES[Tables.MISSING].text(terminal_language()))
    if is_unavailable(error):
        words = WORDS["database_down"]
        return click.ClickException(words.text(terminal_language(), kind=type(error).__name__))
    return None
