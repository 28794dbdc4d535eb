"""The engine's own tests run with each kind of engine, and on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installation import Installation, installation_of


@pytest.fixture(params=["sqlite", "postgresql", "cluster"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """A running simulator and an up-to-date database; engines are the test's own to start."""
    with installation_of(request, tmp_path) as made:
        yield made
