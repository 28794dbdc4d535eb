"""The root command group: an unreachable or outdated database is reported in one line, not a traceback."""

from __future__ import annotations

from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from outbound_campaigns.cli.language import terminal_language
from outbound_campaigns.cli.texts import WORDS
from outbound_campaigns.database.migrations.tables import Tables
from outbound_campaigns.database.transactions import is_outdated, is_unavailable
from outbound_campaigns.domain.stall_causes import OBSTACLES


class Commands(click.Group):
    """Raises click.ClickException where the database does not answer, or lacks tables of this version."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DBAPIError as error:
            if is_outdated(error):
                words, values = OBSTACLES[Tables.MISSING], {}
            elif is_unavailable(error):
                words, values = WORDS["database_down"], {"kind": type(error).__name__}
            else:
                raise
            raise click.ClickException(words.text(terminal_language(), **values)) from None
