"""Statements that know the dialect: inserts that leave out, or add to, what is there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from outbound_campaigns.database.base import Base


def insert_if_missing(session: Session, model: type[Base], *rows: Mapping[str, object]) -> int:
    """Insert rows, leaving out those whose unique key exists; how many went in."""
    # psycopg gives no row count for this statement, so the rows themselves are counted.
    key = sa.inspect(model).primary_key[0]
    statement = _insert(session, model).values(rows).on_conflict_do_nothing().returning(key)
    return len(session.execute(statement).all())


def insert_or_add(session: Session, model: type[Base], *rows: Mapping[str, object]) -> None:
    """Insert rows; to one whose primary key exists, add the numbers of all other columns."""
    table, key = cast(sa.Table, model.__table__), sa.inspect(model).primary_key
    statement = _insert(session, model)
    sums = {name: table.c[name] + statement.excluded[name] for name in rows[0] if table.c[name] not in key}
    # Row by row, since that is the same statement each time, which is compiled once.
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=sums), [*rows])


def _insert(session: Session, model: type[Base]) -> Any:
    """The dialect's own INSERT, which knows what to do about conflicts."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(cast(sa.Table, model.__table__))
