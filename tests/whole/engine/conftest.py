"""Clusters of these tests reach their database through PgBouncer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installation import Installation, installation
from tests.support.postgres_databases import Databases
from tests.support.tables import sqlite_in


@pytest.fixture(params=["sqlite", "cluster"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """A running simulator and an up-to-date database; engines are the test's own to start."""
    if request.param == "sqlite":
        with installation(tmp_path, sqlite_in(tmp_path)) as made:
            yield made
        return
    databases: Databases = request.getfixturevalue("postgres_databases")
    with (
        databases.new(databases.make) as url,
        installation(tmp_path, databases.pooled(url()), "cluster") as made,
    ):
        yield made
