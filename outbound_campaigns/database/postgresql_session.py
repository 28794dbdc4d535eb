"""What our transactions on PostgreSQL rest on: set once for a connection, or in each of them behind a pooler.

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
_DURABLE = "coalesce(nullif(current_setting('synchronous_commit'), 'off'), 'on')"


def prepare_session(connection: Any) -> bool:
    """Set what each transaction rests on for this new connection of the driver, and return True.

    Returns False, with nothing set, if its sessions are a pooler's: see `beginning`.
    """
    if is_pooled(connection):
        # The next transaction may be another server's, which knows no statement that was prepared before.
        connection.prepare_threshold = None
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_settings(local=False)}")
    connection.commit()
    return True


def beginning(writes: bool, version: tuple[Any, ...], prepared: bool) -> str | None:
    """Return the statement that a transaction begins with, if any; one that writes asks for the time last.

    A process that is frozen among the rows of a bulk statement is not idle to PostgreSQL, since the driver
    sends them as a pipeline: only the limit of the whole transaction would ever end it and free its locks.
    """
    limits = {"transaction_timeout": LONGEST_WRITE} if version >= _LIMITS_WHOLE_TRANSACTIONS else {}
    parts = [] if prepared else [_settings(local=True)]
    if writes:
        parts += [_set(name, f"'{value}'", local=True) for name, value in limits.items()]
        parts.append("clock_timestamp()")
    return f"SELECT {', '.join(parts)}" if parts else None


def _settings(local: bool) -> str:
    """Return what sets zone, limits and durable commits, for a transaction or the session."""
    settings: dict[str, str | int] = {
        # In another zone, a moment of the year 1 or 9999 can fall in a year that Python does not have.
        "TimeZone": "UTC",
        # The driver reads no other.
        "DateStyle": "ISO",
        "statement_timeout": LONGEST_STATEMENT,
        "lock_timeout": LONGEST_LOCK_WAIT,
        "idle_in_transaction_session_timeout": LONGEST_IDLE,
    }
    values = {name: f"'{value}'" for name, value in settings.items()} | {"synchronous_commit": _DURABLE}
    return ", ".join(_set(name, value, local) for name, value in values.items())


def _set(name: str, value: str, local: bool) -> str:
    return f"set_config('{name}', {value}, {local})"


def settings_off(session: Session, names: Collection[str]) -> Sequence[str]:
    """Return which of these settings are off for the session's role; none on SQLite."""
    if session.get_bind().dialect.name == "sqlite":
        return []
    # What they would be without us (PostgreSQL, "pg_settings", reset_val).
    query = "SELECT name FROM pg_settings WHERE reset_val = 'off' AND name = ANY (:names) ORDER BY name"
    return session.execute(sa.text(query), {"names": [*names]}).scalars().all()


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
