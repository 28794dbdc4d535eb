"""A running service for a module's tests, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.service.running import Running, running


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    lasting_postgres_database: Callable[[], str],
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("service")
    url = lasting_postgres_database() if request.param == "postgresql" else sqlite_in(folder)
    with running(folder, url) as made:
        yield made


@pytest.fixture(scope="module")
def sqlite_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("service")
    with running(folder, sqlite_in(folder)) as made:
        yield made


def sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder}/campaigns.sqlite"
