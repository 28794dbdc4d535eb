"""Writes a consistent copy of an SQLite database while the service runs; for PostgreSQL, reports how."""

from __future__ import annotations

import os
import shlex
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import click
from sqlalchemy.engine import URL

from outbound_campaigns.cli.language import say, terminal_language
from outbound_campaigns.cli.texts import BACKED_UP, BACKUP_EXISTS, BACKUP_FAILED, USE_PG_DUMP
from outbound_campaigns.database.transactions import Database

_PARTIAL = "-partial"


def run_backup(database: Database, target: Path) -> None:
    """Write the copy. Raises click.ClickException that says what to do."""
    if not database.is_sqlite:
        raise _said(USE_PG_DUMP.text(terminal_language(), command=pg_dump_command(database, target)))
    if target.exists():
        raise _said(BACKUP_EXISTS.text(terminal_language(), file=target))
    partial = target.with_name(f"{target.name}{_PARTIAL}")
    try:
        with _gone_if_it_fails(partial):
            _copy(Path(database.engine.url.database or ""), partial)
            partial.rename(target)
    except (OSError, sqlite3.Error) as error:
        raise _said(BACKUP_FAILED.text(terminal_language(), file=target, error=error)) from None
    say(BACKED_UP, file=target, size=target.stat().st_size)


@contextmanager
def _gone_if_it_fails(file: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            file.unlink()
        raise


def _copy(source: Path, target: Path) -> None:
    """Write one state of the database to a file that only its owner may read and that is marked as a copy."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as original:
        original.execute("VACUUM INTO ?", (str(target),))
    with closing(sqlite3.connect(target)) as copy, copy:
        if copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'outbound_instance'").fetchone():
            copy.execute("UPDATE outbound_instance SET inode = NULL")


def pg_dump_command(database: Database, target: Path) -> str:
    """Return the command to type; it asks for the password, or reads it from ~/.pgpass."""
    url = database.engine.url
    place = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    shown = place.render_as_string(hide_password=False)
    return shlex.join(["pg_dump", "--format=custom", f"--file={target}", shown])


def _said(text: str) -> click.ClickException:
    return click.ClickException(text)
