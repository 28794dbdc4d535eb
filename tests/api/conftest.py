"""The application on both databases, or on SQLite alone where the database makes no difference."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.site import Site
from tests.api.site import site as make_site
from tests.tables import sqlite_with_tables


@pytest.fixture
def site(url_with_tables: str, tmp_path: Path) -> Iterator[Site]:
    with make_site(tmp_path, url_with_tables) as made:
        yield made


@pytest.fixture
def sqlite_site(tmp_path: Path) -> Iterator[Site]:
    with make_site(tmp_path, sqlite_with_tables(tmp_path)) as made:
        yield made
