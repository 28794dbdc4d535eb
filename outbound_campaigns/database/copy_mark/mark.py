"""Checks whether this is the database that campaigns are sent from, or a restored copy of it.

In a copy, people who were messaged after it was taken are pending again: nothing is sent from one until
somebody accepts it. The check knows nothing of engines; code that claims rows makes it first, and repeatedly
afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.copy_mark import postgresql
from outbound_campaigns.database.copy_mark.sqlite_file import SqliteFile
from outbound_campaigns.database.models import Instance
from outbound_campaigns.database.models.instance import ONLY
from outbound_campaigns.database.transactions import Database


class CopySign(StrEnum):
    """The sign by which a database is recognised as a copy."""

    BACKUP = "backup"
    """made by `db backup`"""
    ANOTHER_FILE = "another_file"
    FILE_BESIDE_MISSING = "file_beside_missing"
    OLDER_THAN_FILE_BESIDE = "older_than_file_beside"
    ANOTHER_SERVER = "another_server"
    ANOTHER_TIMELINE = "another_timeline"
    ANOTHER_DATABASE = "another_database"
    WRITTEN_ANEW = "written_anew"
    """the row was written by another transaction than the one it names: a dump was loaded"""


@dataclass(frozen=True, slots=True)
class HeldCopy:
    """The finding that this database is a copy, by this sign; nothing may be sent from it."""

    sign: CopySign


class NotMarked(Exception):
    """Raised where the mark is missing: `db upgrade` has not run to its end."""


class InstanceMark:
    """The mark of one database, compared with the place where it is found.

    SQLite: the file's inode, and a generation that is at least as high in the row as in the file beside it.
    PostgreSQL: the server, its timeline, the database's oid, and the transaction that wrote the row.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._file = _file(database)

    def held(self) -> HeldCopy | None:
        """Return the sign that this is a copy, or None. Raises NotMarked, and the database's errors."""
        if not self._database.is_sqlite:
            return self._compare_postgresql()
        # Read before the row, whose generation is never behind this one.
        beside = self._file.generation() if self._file else None
        rows = self._database.ask(_PLACE)
        if not rows:
            raise NotMarked
        return self._compare_sqlite(rows[0], beside)

    def held_in(self, session: Session) -> HeldCopy | None:
        """Return a sign that can appear while a process runs, within the transaction that depends on it.

        After a failover to a server that lags, the next transaction may already be the new server's, where
        people are pending who were messaged. Raises NotMarked.
        """
        if self._database.is_sqlite:
            row = session.execute(_PLACE).one_or_none()
            if row is None:
                raise NotMarked
            return self._compare_sqlite(row, self._file.generation() if self._file else None)
        changes = postgresql.changes(session)
        if changes is None:
            raise NotMarked
        signs = (CopySign.ANOTHER_TIMELINE, CopySign.WRITTEN_ANEW)
        return _first(dict(zip(signs, changes, strict=True)))

    def set(self) -> None:
        """Mark this database, in its present place, as the one to send from."""
        values = self._traits()
        if self._file and self._file.generation() is None:
            # Below any row's generation, so that a machine that dies before the last line leaves no copy.
            self._file.keep(0)
        with self._database.write() as session:
            row = session.get(Instance, ONLY) or Instance(id=ONLY, generation=0)
            row.marked_at = self._database.now(session)
            for name, value in values.items():
                setattr(row, name, value)
            if not self._database.is_sqlite:
                row.written_by = postgresql.this_transaction(session)
            row.generation = generation = self._next(row.generation)
            session.add(row)
        if self._file:
            self._file.keep(generation)

    def set_if_missing(self) -> None:
        """Do the same as `set` where there is no mark yet: for tables that were only just created."""
        with self._database.read() as session:
            missing = session.get(Instance, ONLY) is None
        if missing:
            self.set()

    def advance(self) -> None:
        """Make copies taken before now count as older. Does nothing on PostgreSQL, or in a held copy."""
        if self._file is None:
            return
        beside = self._file.generation()
        with self._database.write() as session:
            row = _row(session)
            if self._compare_sqlite(row, beside) is not None:
                return
            row.generation = generation = row.generation + 1
        self._file.keep(generation)

    def _next(self, generation: int) -> int:
        beside = self._file.generation() if self._file else None
        return max(generation, beside or 0) + 1

    def _traits(self) -> dict[str, Any]:
        if not self._database.is_sqlite:
            return postgresql.facts(self._database)
        return {"inode": self._file.inode() if self._file else None}

    def _compare_sqlite(self, row: Instance | sa.Row[int | None, int], beside: int | None) -> HeldCopy | None:
        if self._file is None:
            return None
        signs = {
            CopySign.BACKUP: row.inode is None,
            CopySign.ANOTHER_FILE: row.inode != self._file.inode(),
            CopySign.FILE_BESIDE_MISSING: beside is None,
            CopySign.OLDER_THAN_FILE_BESIDE: (beside or 0) > row.generation,
        }
        return _first(signs)

    def _compare_postgresql(self) -> HeldCopy | None:
        found = postgresql.differences(self._database)
        if found is None:
            raise NotMarked
        is_anew, differ = found
        signs = {
            CopySign.ANOTHER_SERVER: "server" in differ,
            CopySign.ANOTHER_TIMELINE: "timeline" in differ,
            CopySign.ANOTHER_DATABASE: "oid" in differ,
            CopySign.WRITTEN_ANEW: is_anew,
        }
        return _first(signs)


_PLACE = sa.select(Instance.inode, Instance.generation).where(Instance.id == ONLY)


def _file(database: Database) -> SqliteFile | None:
    path = database.engine.url.database
    return SqliteFile(Path(path)) if database.is_sqlite and path and path != ":memory:" else None


def _row(session: Session) -> Instance:
    row = session.get(Instance, ONLY)
    if row is None:
        raise NotMarked
    return row


def _first(signs: dict[CopySign, bool]) -> HeldCopy | None:
    return next((HeldCopy(sign) for sign, is_so in signs.items() if is_so), None)
