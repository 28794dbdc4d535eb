"""The application on both databases, or on SQLite alone where the database makes no difference."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from outbound_campaigns.db import open_database
from tests.api.site import Site
from tests.api.site import site as make_site
from tests.tables import make_tables


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    if request.param == "postgresql":
        url = request.getfixturevalue("copied_postgres_database")()
    else:
        url = sqlite_with_tables(tmp_path)
    with make_site(tmp_path, url) as made:
        yield made


@pytest.fixture
def sqlite_site(tmp_path: Path) -> Iterator[Site]:
    with make_site(tmp_path, sqlite_with_tables(tmp_path)) as made:
        yield made


def sqlite_with_tables(folder: Path) -> str:
    url = f"sqlite:///{folder}/campaigns.sqlite"
    database = open_database(url)
    make_tables(database)
    database.dispose()
    return url
