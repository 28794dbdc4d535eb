"""Our tables without the migrations, which take much longer; as after `db upgrade` in all else."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.base import Base
from outbound_campaigns.database.copy_mark import InstanceMark
from outbound_campaigns.database.migrations.tables import VERSION_TABLE, versions
from outbound_campaigns.database.transactions import Database, open_database


def make_tables(database: Database) -> None:
    Base.metadata.create_all(database.engine)
    with database.write() as session:
        session.execute(sa.text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)"))
        session.execute(sa.text(f"INSERT INTO {VERSION_TABLE} VALUES (:newest)"), {"newest": versions()[0]})
    InstanceMark(database).set()


def mark(url: str) -> None:
    """What a database needs that was made as a copy of another."""
    with open_database(url) as database:
        InstanceMark(database).set()


def sqlite_with_tables(folder: Path) -> str:
    """The URL of a new database in a folder."""
    url = sqlite_in(folder)
    (folder / "campaigns.sqlite").write_bytes(_sqlite_file())
    mark(url)
    return url


@cache
def _sqlite_file() -> bytes:
    """A file with our tables: copying one is several times quicker than making them."""
    with TemporaryDirectory() as folder:
        with open_database(sqlite_in(Path(folder))) as database:
            make_tables(database)
        return (Path(folder) / "campaigns.sqlite").read_bytes()


def sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder}/campaigns.sqlite"


def url_of(request: pytest.FixtureRequest, folder: Path, databases: str = "new_postgres_database") -> str:
    """The URL of an empty database of the kind that a fixture's parameter names.

    PostgreSQL is asked for here and not by the fixture: what runs on SQLite alone needs no server.
    `databases` is the fixture that makes them there.
    """
    return sqlite_in(folder) if request.param == "sqlite" else str(request.getfixturevalue(databases)())
