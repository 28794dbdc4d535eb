"""A campaign with prices and a limit, on each database."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from outbound_campaigns.database.transactions import Database
from tests.imports.files import Files
from tests.spending.world import Spender, table

MEXICO = 20_000
"""millionths, of the default table"""

MakeSpender = Callable[..., Spender]


@pytest.fixture
def make_spender(database: Database) -> MakeSpender:
    """Makes a running campaign: its people's countries, its limit, its fields; gives whom to ask about it."""

    def make(people: Sequence[str], limit: int | None = None, **fields: Any) -> Spender:
        prices = fields.pop("prices", table(MX=MEXICO, CO=50_000))
        return Spender(database, prices).begin(people, limit, **fields)

    return make


@pytest.fixture
def files(database: Database, tmp_path: Path) -> Files:
    return Files(database, tmp_path)
