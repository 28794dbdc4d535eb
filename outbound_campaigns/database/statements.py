"""Statements in the session's dialect: inserts that skip or add to existing rows, and bulk changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, TypeVarTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

from outbound_campaigns.database.base import Base

# Finding the objects that a statement changed costs more than the statement itself.
_IN_THE_DATABASE: Final = {"synchronize_session": False}

Columns = TypeVarTuple("Columns")


def insert_if_missing(session: Session, model: type[Base], *rows: Mapping[str, object]) -> int:
    """Insert rows, leaving out those whose unique key exists. Returns how many were inserted."""
    # psycopg gives no row count for this statement, so the rows themselves are counted.
    key = sa.inspect(model).primary_key[0]
    insert = _INSERTS[_dialect(session)](cast(sa.Table, model.__table__))
    statement = insert.values(rows).on_conflict_do_nothing().returning(key)
    return len(session.execute(statement).all())


def insert_or_add(session: Session, model: type[Base], *rows: Mapping[str, object]) -> None:
    """Insert rows; where the primary key exists, add the numbers of all other columns to that row's."""
    # Row by row: it is the same statement each time, and is compiled once.
    session.execute(_adding(_dialect(session), model, tuple(rows[0])), [*rows])


# Putting it together takes longer than running it.
@cache
def _adding(dialect: str, model: type[Base], columns: tuple[str, ...]) -> Any:
    table, key = cast(sa.Table, model.__table__), sa.inspect(model).primary_key
    statement = _INSERTS[dialect](table)
    sums = {name: table.c[name] + statement.excluded[name] for name in columns if table.c[name] not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=sums)


_INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
"""each dialect's own INSERT, which can handle conflicts"""


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def change(
    session: Session, statement: sa.Update | sa.Delete, values: Mapping[str, object] | None = None
) -> int:
    """Run an UPDATE or DELETE in the database alone. Returns how many rows it changed.

    Objects already loaded keep their values.
    """
    return rows_changed(session.execute(statement, values, execution_options=_IN_THE_DATABASE))


def change_returning(
    session: Session, statement: TypedReturnsRows[*Columns], values: Mapping[str, object] | None = None
) -> sa.Result[*Columns]:
    """Run an UPDATE or DELETE with RETURNING in the database alone. Returns its rows."""
    return session.execute(statement, values, execution_options=_IN_THE_DATABASE)


def rows_changed(result: sa.Result[Any]) -> int:
    """Return how many rows a statement changed."""
    return cast("sa.CursorResult[Any]", result).rowcount
