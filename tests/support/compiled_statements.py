"""Lets all engines of the tests' process share their compiled statements.

Each test opens a database of its own, and so an engine, which would compile every statement anew: a fifth
to a third of what the tests cost.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.util import LRUCache

_MOST = 2000


def share_compiled_statements() -> None:
    """A statement is kept by its dialect, and those of two engines only differ in which object they are."""
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        setattr(dialect, "__eq__", _are_alike)  # noqa: B010 - mypy lets nobody assign to a method
        setattr(dialect, "__hash__", _hash)  # noqa: B010
    caches = {name: LRUCache[object, object](_MOST) for name in ("postgresql", "sqlite")}

    @event.listens_for(Engine, "engine_connect")
    def share(connection: sa.Connection) -> None:
        connection.execution_options(compiled_cache=caches[connection.dialect.name])


def _are_alike(one: Dialect, other: object) -> bool:
    return type(one) is type(other)


def _hash(dialect: Dialect) -> int:
    return hash(type(dialect))
