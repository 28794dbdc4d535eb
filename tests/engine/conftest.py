"""One installation for each kind of database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.installation import Installation, installation


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(
    request: pytest.FixtureRequest, tmp_path: Path, new_postgres_database: Callable[[], str]
) -> Iterator[Installation]:
    """A running simulator and an up-to-date database; engines are the test's own to start."""
    url = new_postgres_database() if request.param == "postgresql" else f"sqlite:///{tmp_path}/db.sqlite"
    with installation(tmp_path, url) as made:
        yield made
