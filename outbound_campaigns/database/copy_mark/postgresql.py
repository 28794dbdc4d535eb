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


def ask(session: Session, name: str) -> int:
    """Return the named fact, if the server has given it before: a refusal ends the transaction."""
    return int(session.execute(sa.text(_ASKED[name])).scalar_one())


def _fact(database: Database, name: str) -> int | None:
    try:
        with database.read() as session:
            return ask(session, name)
    except DBAPIError as error:
        if (getattr(error.orig, "sqlstate", None) or "")[:2] in _NOT_TOLD:
            return None
        raise


def this_transaction(session: Session) -> int:
    """Return the number of this transaction, in 64 bits."""
    return int(session.execute(sa.text("SELECT txid_current()")).scalar_one())


def is_as_written(session: Session, written_by: int) -> bool:
    """Return whether the mark's row is still as this transaction wrote it; VACUUM does not change that."""
    query = sa.select(sa.text("xmin::text::bigint")).select_from(Instance)
    return int(session.execute(query).scalar_one()) == written_by % _XIDS
