"""Databases on the tests' PostgreSQL: new ones, copies of one with our tables, and used ones made empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg

from outbound_campaigns.database.migrations.tables import VERSION_TABLE, versions
from outbound_campaigns.database.transactions import open_database
from tests.support.pooler import PORT
from tests.support.tables import make_tables, mark

_TEMPLATE = "with_tables"

# The names of all columns: a test that changed them leaves a database that no other can use.
_SHAPE = """
    SELECT md5(string_agg(relname || '.' || attname, ',' ORDER BY relname, attname))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
"""

_EMPTY = f"""
    DO $$
    DECLARE name text;
    BEGIN
        -- Not TRUNCATE, which makes a new file for each table.
        SET LOCAL session_replication_role = replica;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('DELETE FROM %I', name);
        END LOOP;
        INSERT INTO {VERSION_TABLE} VALUES ('{versions()[0]}');
        PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S';
    END $$
"""


class Databases:
    """Makes and empties databases on one server; `host` is its socket's folder, `pooler` PgBouncer's."""

    def __init__(self, host: str, pooler: str | None = None) -> None:
        self._host = host
        self._pooler = pooler
        self._numbers = count(1)
        self._empty: list[str] = []
        self._shape = ""

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self._host}"

    def pooled(self, url: str) -> str:
        """The same database through PgBouncer, if there is one."""
        if self._pooler is None:
            return url
        return url.replace(f"host={self._host}", f"host={self._pooler}&port={PORT}")

    def run(self, statement: str, name: str = "postgres") -> Any:
        """The first row of what the statement gives, if it gives any."""
        with psycopg.connect(host=self._host, user="postgres", dbname=name, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchone() if cursor.description else None

    def make(self, template: str = "template1") -> str:
        """Make one, and give its name."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def copy(self) -> str:
        """Make one with our tables: much quicker than making the tables anew."""
        if not self._shape:
            self.run(f"CREATE DATABASE {_TEMPLATE}")
            with open_database(self.url(_TEMPLATE)) as made:
                make_tables(made)
            (self._shape,) = self.run(_SHAPE, _TEMPLATE)
        name = self.make(_TEMPLATE)
        mark(self.url(name))
        return name

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def new(self, make: Callable[[], str]) -> Iterator[Callable[[], str]]:
        """Gives the URLs of new ones, which are dropped at the end."""
        made: list[str] = []

        def url() -> str:
            made.append(make())
            return self.url(made[-1])

        yield url
        for name in made:
            self.drop(name)

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of one with our tables and no rows, which has been used before: quicker than a copy.

        It leads through PgBouncer, so that nothing rests on a session.
        """
        name = self._empty.pop() if self._empty else self.copy()
        yield self.pooled(self.url(name))
        if self.run(_SHAPE, name) != (self._shape,):
            self.drop(name)
            return
        self.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        self.run(_EMPTY, name)
        mark(self.url(name))
        self._empty.append(name)
