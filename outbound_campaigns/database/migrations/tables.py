"""Compares a database's tables with this version of the program, without alembic, which takes 8 MB."""

from enum import StrEnum
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from outbound_campaigns.database.transactions import Database, is_outdated

VERSION_TABLE = "outbound_alembic_version"
_VERSION = sa.table(VERSION_TABLE, sa.column("version_num"))


class Tables(StrEnum):
    """How a database's tables compare with this version of the program."""

    CURRENT = "current"
    MISSING = "tables_missing"
    OLDER = "tables_old"
    NEWER = "tables_new"


def tables_of(database: Database) -> Tables:
    """Return how the migrations that the database has seen compare with this version's; one short query."""
    seen = _seen(database)
    if not seen:
        return Tables.MISSING
    if seen == versions()[:1]:
        return Tables.CURRENT
    return Tables.OLDER if set(seen) <= set(versions()) else Tables.NEWER


@cache
def versions() -> tuple[str, ...]:
    """Return the migrations of this version, newest first; each file's name begins with its number."""
    found = (Path(__file__).parent / "versions").glob("[0-9]*_*.py")
    return tuple(sorted((file.name.partition("_")[0] for file in found), reverse=True))


def _seen(database: Database) -> tuple[str, ...]:
    try:
        return tuple(version for (version,) in database.ask(sa.select(_VERSION)))
    except DBAPIError as error:
        if is_outdated(error):
            return ()
        raise
