"""A running service for a module's tests, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.support.running import Running, running
from tests.support.tables import sqlite_in, url_of


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("service")
    with running(folder, url_of(request, folder, "lasting_postgres_database")) as made:
        yield made


@pytest.fixture(scope="module")
def sqlite_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("service")
    with running(folder, sqlite_in(folder)) as made:
        yield made
