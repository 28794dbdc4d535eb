"""`db`: its tables, copies of it, and what becomes of one that is put back."""

from __future__ import annotations

from pathlib import Path

import click

from outbound_campaigns.cli.accept import Acceptance, run_accept
from outbound_campaigns.cli.backup import run_backup
from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.language import say
from outbound_campaigns.cli.texts import UPGRADED
from outbound_campaigns.database.migrations.upgrade import upgrade
from outbound_campaigns.database.transactions import open_database
from outbound_campaigns.engine.waking import prepare_queue


@click.group()
def db() -> None:
    """The database: its tables, copies of it, and what becomes of one that is put back."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Create the tables, or bring them up to date."""
    settings = read_settings()
    with open_database(settings.database_url) as database:
        upgrade(database)
        prepare_queue(settings, database)
    say(UPGRADED)


@db.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def db_backup(file: Path) -> None:
    """Write a consistent copy to FILE while the service runs (SQLite; for PostgreSQL, say how)."""
    with open_database(read_settings().database_url) as database:
        run_backup(database, file.absolute())


@db.command("accept")
@click.option("--yes", is_flag=True, help="Do not ask whether to go on.")
@click.option("--anyway", is_flag=True, help="Also where the database does not look like a copy.")
def db_accept(yes: bool, anyway: bool) -> None:
    """Take a restored copy as the database to send from: its campaigns are paused. Exit code 1: refused."""
    with open_database(read_settings().database_url) as database:
        accepted = run_accept(database, Acceptance(None if yes else click.confirm, anyway))
    if not accepted:
        raise SystemExit(1)
