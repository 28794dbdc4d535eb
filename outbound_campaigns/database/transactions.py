"""The database: how a transaction begins on SQLite and on PostgreSQL, and whose clock is used."""

from __future__ import annotations

import math
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Self, cast

import sqlalchemy as sa
from sqlalchemy import PoolProxiedConnection, event
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InvalidatePoolError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from outbound_campaigns.database.base import Instant
from outbound_campaigns.database.postgresql_session import beginning, prepare_session
from outbound_campaigns.database.write_queue import FileTurns, ThreadTurns, TurnNotCome

Wake = Callable[[Session, int, datetime | None], None]
"""makes a campaign due, at this moment or at once, if the transaction commits"""


def wake(session: Session, campaign_id: int, at: datetime | None = None) -> None:
    """Wake the worker that sends a campaign, at `at` or at once; a single engine finds out by itself."""
    tell: Wake | None = session.info.get(_WAKE)
    if tell is not None:
        tell(session, campaign_id, at)


_WAKE = "outbound_wake"


def instant(at: float) -> datetime:
    """Return the moment that many seconds after the beginning of 1970."""
    return datetime.fromtimestamp(at, UTC)


def wall_clock() -> datetime:
    return datetime.now(UTC)


class Database:
    """Transactions over one engine; each ends committed, or rolled back by an exception.

    `wake` is called within those that make a campaign due.
    """

    def __init__(
        self, engine: sa.Engine, wall: Callable[[], datetime] | None = None, wake: Wake | None = None
    ) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._wall = wall
        self._info = {_WAKE: wake}
        self._reader = engine if self.is_sqlite else engine.execution_options(**_ONE_STATE)
        self._asker = engine.execution_options(
            outbound_asks=True, **({} if self.is_sqlite else _NO_TRANSACTION)
        )
        self._writer = engine.execution_options(
            outbound_write=True, **({} if self.is_sqlite else _EACH_STATE)
        )
        self._turns = _turns(engine) if self.is_sqlite else None
        self._observer: PoolProxiedConnection | None = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Begin a transaction that sees one state and changes nothing."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Begin a transaction that may change rows; on SQLite one at a time, in fair turns."""
        turn = self._turns.turn() if self._turns else nullcontext()
        with (
            turn,
            Session(self._writer, expire_on_commit=False, info=self._info) as session,
            session.begin(),
        ):
            yield session

    def ask(self, question: sa.Executable) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        """Return the rows that answer a question; it is a statement by itself, without a transaction."""
        with self._asker.connect() as connection:
            if connection.info.get(_PREPARED, True):
                return connection.execute(question).all()
        # Behind a pooler, only a transaction has our settings.
        with self.read() as session:
            return session.execute(question).all()

    def version(self) -> int | None:
        """Return a number that is another one after anybody's commit; None where the database has none.

        For one thread at a time: the numbers of two connections differ (SQLite, "PRAGMA data_version").
        """
        if not isinstance(self._turns, FileTurns):
            return None
        try:
            if self._observer is None:
                self._observer = self.engine.raw_connection()
            row = cast("sqlite3.Connection", self._observer).execute("PRAGMA data_version").fetchone()
        except (sqlite3.Error, DBAPIError):
            return None
        return int(row[0])

    def moment(self, ago: timedelta = timedelta()) -> sa.ColumnElement[datetime]:
        """Return the SQL of what `now` gives, or of so long before, for what is given to `ask`."""
        if self._wall is not None or self.is_sqlite:
            wall = self._wall or wall_clock
            return sa.bindparam(None, callable_=lambda: wall() - ago, type_=Instant)
        # Not clock_timestamp(): no index is searched for a value that changes within a statement.
        return sa.func.statement_timestamp(type_=Instant) - sa.literal(ago, sa.Interval)

    def now(self, session: Session) -> datetime:
        """Return the time of the database's clock: SQLite's is the machine's own, PostgreSQL is asked.

        A clock given at construction (a simulation's) is used instead of either.
        """
        if self._wall is not None:
            return self._wall()
        if self.is_sqlite:
            return wall_clock()
        return cast(datetime, session.execute(_CLOCK).scalar_one()).astimezone(UTC)

    def begun_at(self, session: Session) -> datetime:
        """Return the time of the database's clock when this transaction, which writes, began."""
        if self._wall is not None or self.is_sqlite:
            return self.now(session)
        begun: datetime = session.connection().info[_BEGUN]
        return begun.astimezone(UTC)

    def read_clock(self) -> datetime:
        """Return the time of the database's clock, without a transaction."""
        if self._wall is not None or self.is_sqlite:
            return (self._wall or wall_clock)()
        ((now,),) = self.ask(_CLOCK)
        return cast(datetime, now).astimezone(UTC)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dispose()

    def dispose(self) -> None:
        """Close every connection that is not in use; a `with` does it at its end."""
        if self._observer is not None:
            self._observer.close()
            self._observer = None
        self.engine.dispose()


# Said in each transaction: a server, a database or a role may have another default. A claim must see the
# opt-outs that were committed while it waited for them.
_EACH_STATE = {"isolation_level": "READ COMMITTED"}
_ONE_STATE = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

_NO_TRANSACTION = {"isolation_level": "AUTOCOMMIT"}

_CLOCK = sa.text("SELECT clock_timestamp()").columns(sa.column("now", sa.DateTime(timezone=True)))

UNAVAILABLE = (DBAPIError, PoolTimeout, TurnNotCome)


def is_unavailable(error: BaseException) -> bool:
    """Return True for an error that passes (database away, locked, full), False for a wrong statement."""
    if isinstance(error, IntegrityError | ProgrammingError | DataError):
        return False
    return isinstance(error, UNAVAILABLE)


_UNDEFINED = ("42P01", "42703")
"""PostgreSQL's codes for a table and for a column that does not exist"""

_SQLITE_UNDEFINED = ("no such table", "no such column", "has no column named")


def is_outdated(error: BaseException) -> bool:
    """Return whether the database lacks a table or column of this version (outbound-campaigns db upgrade)."""
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        return any(words in str(error.orig) for words in _SQLITE_UNDEFINED)
    return getattr(error.orig, "sqlstate", None) in _UNDEFINED


def open_database(url: str, wall: Callable[[], datetime] | None = None, wake: Wake | None = None) -> Database:
    """Open a database by its SQLAlchemy URL."""
    engine = sa.create_engine(url, **engine_options(url))
    prepare(engine)
    return Database(engine, wall, wake)


def engine_options(url: str) -> dict[str, Any]:
    """Return options for create_engine: dead connections are noticed, and waiting for a connection ends."""
    if sa.make_url(url).get_backend_name() == "sqlite":
        return {"pool_size": 8, "max_overflow": 8, "hide_parameters": True, "pool_use_lifo": True}
    return {
        # Otherwise an error's message, and so a log, would show phone numbers and texts.
        "hide_parameters": True,
        "pool_use_lifo": True,
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": 10,
        "connect_args": {
            "connect_timeout": 5,
            "keepalives_idle": 5,
            "keepalives_interval": 2,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
    }


def prepare(engine: sa.Engine) -> None:
    """Set how the engine begins transactions: on SQLite deferred to read and immediate to write.

    Creates the folder of its file if missing. On PostgreSQL each sets what it rests on: see
    `beginning`.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _open_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkin", _rest)
        event.listen(engine, "checkout", partial(_check_rested, engine.dialect))
        return
    if engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    event.listen(engine, "connect", _open_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _open_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    # SQLite's own lower() knows only A to Z, and a campaign may be called "Año nuevo".
    connection.create_function("lower", 1, lambda text: text and str(text).lower(), deterministic=True)


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("outbound_asks"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("outbound_write") else "BEGIN")


_PREPARED = "outbound_session_is_prepared"
_BEGUN = "outbound_transaction_begun_at"


def _open_postgresql(connection: Any, record: Any) -> None:
    try:
        record.info[_PREPARED] = prepare_session(connection)
    except BaseException:
        connection.close()  # SQLAlchemy forgets it, but does not close it
        raise


_RESTED = "outbound_rests_since"
LONGEST_REST = 1.0
"""seconds after which a connection is tried before it is used, since the server may have gone meanwhile"""


def _rest(_connection: Any, record: Any) -> None:
    record.info[_RESTED] = time.monotonic()


def _check_rested(dialect: sa.Dialect, connection: Any, record: Any, _proxy: object) -> None:
    if time.monotonic() - record.info.get(_RESTED, math.inf) <= LONGEST_REST:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        # The pool then opens others instead of all that it has.
        raise InvalidatePoolError from error


def _begin_postgresql(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("outbound_asks"):
        return
    writes = bool(options.get("outbound_write"))
    version = connection.dialect.server_version_info or ()
    statement = beginning(writes, version, connection.info[_PREPARED])
    if statement:
        *_, last = connection.exec_driver_sql(statement).one()
        connection.info[_BEGUN] = last


def _turns(engine: sa.Engine) -> ThreadTurns:
    path = engine.url.database
    if not path or path == ":memory:":
        return ThreadTurns()
    return FileTurns(Path(f"{path}-turns"))
