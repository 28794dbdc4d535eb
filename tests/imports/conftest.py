"""A campaign without recipients, on each database."""

from pathlib import Path

import pytest

from outbound_campaigns.database.transactions import Database
from tests.imports.files import Files


@pytest.fixture
def files(database: Database, tmp_path: Path) -> Files:
    return Files(database, tmp_path)
