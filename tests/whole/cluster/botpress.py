"""Botpress's files in its own database, which can freeze."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from tests.support.cut import Proxy

_TABLES = """
    CREATE TABLE srv_ghost_files (file_path varchar(255) PRIMARY KEY, content bytea, deleted boolean);
    CREATE TABLE srv_channels ("botId" varchar(255) UNIQUE, config jsonb NOT NULL);
"""


class BotpressDatabase:
    """A database of its own on the server, reached by a way that can freeze; dropped at the end."""

    def __init__(self, folder: Path, server: str, name: str) -> None:
        self._server, self._name = server, name
        self._way = Proxy(folder, server)
        self.url = f"postgresql://postgres@/{name}?host={folder}"

    def __enter__(self) -> Self:
        self._run(f"CREATE DATABASE {self._name}", "postgres")
        self._run(_TABLES, self._name)
        self._way.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._way.thaw()
        self._way.cut()
        self._run(f"DROP DATABASE {self._name} WITH (FORCE)", "postgres")

    def store(self, data_folder: Path) -> None:
        """Put all files of a data folder into it, as Botpress does."""
        files = [path for path in data_folder.rglob("*") if path.is_file()]
        with psycopg.connect(host=self._server, user="postgres", dbname=self._name) as connection:
            for path in files:
                connection.execute(
                    "INSERT INTO srv_ghost_files VALUES (%s, %s, false)",
                    (f"data/{path.relative_to(data_folder)}", path.read_bytes()),
                )

    def freeze(self, seconds: float) -> None:
        self._way.freeze()
        time.sleep(seconds)
        self._way.thaw()

    def _run(self, statements: str, database: str) -> None:
        with psycopg.connect(host=self._server, user="postgres", dbname=database, autocommit=True) as one:
            one.execute(statements.encode())
