"""`outbound-campaigns worker`: what must be so before one of a cluster's workers can run."""

from __future__ import annotations

import click

from outbound_campaigns.cli.language import terminal_language, told
from outbound_campaigns.database.migrations.tables import Tables
from outbound_campaigns.database.transactions import open_database
from outbound_campaigns.domain.obstacles import OBSTACLES
from outbound_campaigns.domain.refusals import InvalidValue, Refusal
from outbound_campaigns.engine.permit import obstacle
from outbound_campaigns.engine.queue_tables import has_queue
from outbound_campaigns.engine.waking import CLUSTER, wake_of
from outbound_campaigns.runtime.settings import Settings


def must_be_ready(settings: Settings) -> None:
    """Raises click.ClickException with what keeps a worker from running, and the remedy."""
    try:
        if settings.engine != CLUSTER:
            raise InvalidValue(name="OUTBOUND_ENGINE", value=settings.engine, expected=CLUSTER)
        wake_of(settings)
    except Refusal as refusal:
        raise told(refusal) from None
    database = open_database(settings.database_url)
    try:
        found = obstacle(database)
        if found is not None:
            raise click.ClickException(found.text(terminal_language()))
        if not has_queue(database):
            raise click.ClickException(OBSTACLES[Tables.MISSING].text(terminal_language()))
    finally:
        database.dispose()
