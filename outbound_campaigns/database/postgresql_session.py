"""What our transactions on PostgreSQL rest on, set in each of them.

Behind a pooler (PgBouncer in transaction mode) a session belongs to nobody: what is set for it at the start
is refused, ignored or another's. PgBouncer, "Features": session settings, prepared statements and LISTEN.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

LONGEST_IDLE = 4000
"""ms; a process that is frozen in a transaction must not hold its locks for longer"""

LONGEST_STATEMENT = 30_000
"""ms"""

LONGEST_LOCK_WAIT = 15_000
"""ms"""

LONGEST_WRITE = 10_000
"""ms; limit for a transaction that writes, of which ours last a few"""

# PostgreSQL 17, "transaction_timeout".
_LIMITS_WHOLE_TRANSACTIONS = (17,)

# A commit that the server only promises is lost with the server: a message that has left would leave again.
_WAIT_FOR_THE_DISK = (
    "CASE WHEN current_setting('synchronous_commit') = 'off'"
    " THEN set_config('synchronous_commit', 'on', true) END"
)


def transaction_settings(writes: bool, version: tuple[Any, ...]) -> str:
    """Return the statement that a transaction begins with: its time zone, its limits, and a durable commit.

    A process that is frozen among the rows of a bulk statement is not idle to PostgreSQL, since the driver
    sends them as a pipeline: only the limit of the whole transaction would ever end it and free its locks.
    """
    settings: dict[str, str | int] = {
        # In another zone, a moment of the year 1 or 9999 can fall in a year that Python does not have.
        "TimeZone": "UTC",
        # The driver reads no other.
        "DateStyle": "ISO",
        "statement_timeout": LONGEST_STATEMENT,
        "lock_timeout": LONGEST_LOCK_WAIT,
        "idle_in_transaction_session_timeout": LONGEST_IDLE,
    }
    if writes and version >= _LIMITS_WHOLE_TRANSACTIONS:
        settings["transaction_timeout"] = LONGEST_WRITE
    calls = [f"set_config('{name}', '{value}', true)" for name, value in settings.items()]
    return "SELECT " + ", ".join([*calls, _WAIT_FOR_THE_DISK] if writes else calls)


def settings_off(session: Session, names: Collection[str]) -> Sequence[str]:
    """Return which of these settings are off for the session's role; none on SQLite."""
    if session.get_bind().dialect.name == "sqlite":
        return []
    off = sa.text("SELECT name FROM pg_settings WHERE setting = 'off' AND name = ANY (:names) ORDER BY name")
    return session.execute(off, {"names": [*names]}).scalars().all()


def is_pooled(connection: Any) -> bool:
    """Return whether a pooler stands between this connection of the driver and the server.

    A pooler gives its client the number of no server process, for cancelling (PostgreSQL, "Message Flow",
    BackendKeyData).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (process,) = cursor.fetchone()
    connection.rollback()
    return bool(process != connection.info.backend_pid)
