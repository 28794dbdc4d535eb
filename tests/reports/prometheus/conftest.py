"""The application with a token for Prometheus, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.scraping import TOKEN
from tests.support.site import Site, site_in


@pytest.fixture
def site(url_with_tables: str, tmp_path: Path) -> Iterator[Site]:
    with site_in(tmp_path, url_with_tables, metrics_token=TOKEN) as made:
        yield made


@pytest.fixture
def site_without_database(tmp_path: Path) -> Iterator[Site]:
    away = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    with site_in(tmp_path, away, metrics_token=TOKEN) as made:
        yield made
