"""`outbound-campaigns worker`: one of the workers of a cluster, until told to end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import click

from outbound_campaigns.commands.doctor_words import WORDS as DOCTOR
from outbound_campaigns.commands.language import terminal_language, told
from outbound_campaigns.db import open_database
from outbound_campaigns.engine.assembly import end_process, run_engine
from outbound_campaigns.engine.waking import CLUSTER, wake_of
from outbound_campaigns.errors import InvalidValue, Refusal
from outbound_campaigns.migrations.upgrade import is_up_to_date
from outbound_campaigns.settings import Settings


def run_worker(settings: Settings, environ: Mapping[str, str]) -> None:
    """Send until SIGTERM or SIGINT. Raises click.ClickException with what keeps it from that."""
    try:
        _must_be_ready(settings)
    except Refusal as refusal:
        raise told(refusal) from None
    asyncio.run(run_engine(settings, environ))
    end_process()


def _must_be_ready(settings: Settings) -> None:
    if settings.engine != CLUSTER:
        raise InvalidValue(name="OUTBOUND_ENGINE", value=settings.engine, expected=CLUSTER)
    wake_of(settings)
    database = open_database(settings.database_url)
    try:
        if not is_up_to_date(database):
            raise click.ClickException(DOCTOR["tables_old"].text(terminal_language()))
    finally:
        database.dispose()
