"""The application with a token for Prometheus, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.site import Site
from tests.api.site import site as make_site
from tests.metrics.scraping import TOKEN


@pytest.fixture
def site(url_with_tables: str, tmp_path: Path) -> Iterator[Site]:
    with make_site(tmp_path, url_with_tables, metrics_token=TOKEN) as made:
        yield made


@pytest.fixture
def site_without_database(tmp_path: Path) -> Iterator[Site]:
    away = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    with make_site(tmp_path, away, metrics_token=TOKEN) as made:
        yield made
