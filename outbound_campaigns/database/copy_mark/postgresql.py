"""What tells a PostgreSQL database from a copy: server, timeline, oid, and who wrote the mark's row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Instance
from outbound_campaigns.database.transactions import Database

_ASKED: Mapping[str, str] = {
    "server": "SELECT system_identifier FROM pg_control_system()",
    # The checkpoint's timeline (pg_control_checkpoint) is still the old one shortly after a promotion.
    "timeline": "SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint",
    "oid": "SELECT oid::bigint FROM pg_database WHERE datname = current_database()",
}

FACTS = tuple(_ASKED)
"""the names of these facts, which are columns of the mark"""

_NOT_TOLD = ("42", "0A", "55")
"""classes of PostgreSQL's error codes: not allowed or not known, not supported, not in this state"""

_XIDS = 2**32
"""a row shows only the last 32 bits of its transaction's number"""


def facts(database: Database, names: Iterable[str] = FACTS) -> dict[str, int | None]:
    """Return the named facts from the server; one that it does not give is None."""
    return {name: _fact(database, name) for name in names}


def _fact(database: Database, name: str) -> int | None:
    try:
        ((fact,),) = database.ask(sa.text(_ASKED[name]).columns(sa.column("fact", sa.BigInteger)))
    except DBAPIError as error:
        if is_not_told(error):
            return None
        raise
    return int(fact)


def is_not_told(error: DBAPIError) -> bool:
    """Return whether the server refused to give a fact."""
    return (getattr(error.orig, "sqlstate", None) or "")[:2] in _NOT_TOLD


def _differs(name: str) -> sa.ColumnElement[bool]:
    # What the server did not give for the mark is not asked for again: it would log each refusal.
    asked = sa.literal_column(f"CASE WHEN {name} IS NOT NULL THEN ({_ASKED[name]}) END", sa.BigInteger)
    mark: sa.ColumnElement[int | None] = getattr(Instance, name)
    return mark != asked


_WRITTEN_BY = sa.literal_column("xmin::text::bigint", sa.BigInteger)
_IS_WRITTEN_ANEW = Instance.written_by % _XIDS != _WRITTEN_BY
_CHANGES = sa.select(_differs("timeline"), _IS_WRITTEN_ANEW)
_DIFFERENCES = sa.select(_IS_WRITTEN_ANEW, *map(_differs, FACTS))


def changes(session: Session) -> tuple[bool, bool] | None:
    """Return whether the timeline is another than the mark's, and whether its row was written anew.

    Asked in one question, since each claim asks. Returns None where there is no mark. VACUUM writes no row
    anew.
    """
    row = session.execute(_CHANGES).one_or_none()
    return row and (bool(row[0]), bool(row[1]))


def differences(database: Database) -> tuple[bool, frozenset[str]] | None:
    """Return whether the mark's row was written anew, and which facts are others than the mark's.

    Returns None where there is no mark.
    """
    try:
        rows = database.ask(_DIFFERENCES)
    except DBAPIError as error:
        if is_not_told(error):
            return _differences_one_by_one(database)
        raise
    if not rows:
        return None
    is_anew, *differ = rows[0]
    return bool(is_anew), frozenset(name for name, differs in zip(FACTS, differ, strict=True) if differs)


def _differences_one_by_one(database: Database) -> tuple[bool, frozenset[str]] | None:
    """Do the same where the server no longer gives some fact, which then says nothing."""
    rows = database.ask(sa.select(_IS_WRITTEN_ANEW, *(getattr(Instance, name) for name in FACTS)))
    if not rows:
        return None
    is_anew, *marked = rows[0]
    kept = {name: value for name, value in zip(FACTS, marked, strict=True) if value is not None}
    found = facts(database, kept)
    return bool(is_anew), frozenset(name for name, value in kept.items() if found[name] not in (value, None))


def this_transaction(session: Session) -> int:
    """Return the number of this transaction, in 64 bits."""
    return int(session.execute(sa.text("SELECT txid_current()")).scalar_one())
