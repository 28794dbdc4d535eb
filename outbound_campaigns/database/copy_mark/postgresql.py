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
        with database.read() as session:
            return int(session.execute(sa.text(_ASKED[name])).scalar_one())
    except DBAPIError as error:
        if (getattr(error.orig, "sqlstate", None) or "")[:2] in _NOT_TOLD:
            return None
        raise


# The server gives its timeline only where it has given it for the mark.
_TIMELINE = sa.literal_column(
    f"CASE WHEN timeline IS NOT NULL THEN ({_ASKED['timeline']}) END", sa.BigInteger
)
_WRITTEN_BY = sa.literal_column("xmin::text::bigint", sa.BigInteger)
_CHANGES = sa.select(Instance.timeline != _TIMELINE, Instance.written_by % _XIDS != _WRITTEN_BY)


def changes(session: Session) -> tuple[bool, bool] | None:
    """Return whether the timeline is another than the mark's, and whether its row was written anew.

    Asked in one question, since each claim asks. Returns None where there is no mark.
    """
    row = session.execute(_CHANGES).one_or_none()
    return row and (bool(row[0]), bool(row[1]))


def this_transaction(session: Session) -> int:
    """Return the number of this transaction, in 64 bits."""
    return int(session.execute(sa.text("SELECT txid_current()")).scalar_one())


def is_as_written(session: Session, written_by: int) -> bool:
    """Return whether the mark's row is still as this transaction wrote it; VACUUM does not change that."""
    return (
        int(session.execute(sa.select(_WRITTEN_BY).select_from(Instance)).scalar_one()) == written_by % _XIDS
    )
