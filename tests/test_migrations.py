"""The tables come up from nothing, match the models, and leave Botpress's own alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from outbound_campaigns.db import Database, open_database
from outbound_campaigns.migrations.upgrade import alembic_config, check, is_up_to_date, upgrade


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(
    request: pytest.FixtureRequest, tmp_path: Path, new_postgres_database: Callable[[], str]
) -> Iterator[Database]:
    url = new_postgres_database() if request.param == "postgresql" else f"sqlite:///{tmp_path}/db.sqlite"
    database = open_database(url)
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


def test_an_empty_database_comes_up_to_the_models(empty: Database) -> None:
    assert not is_up_to_date(empty)
    upgrade(empty)
    check(empty)
    assert is_up_to_date(empty)
    assert all(name.startswith("outbound_") for name in tables(empty))


def test_other_tables_of_the_database_are_neither_seen_nor_touched(empty: Database) -> None:
    with empty.write() as session:
        session.execute(sa.text("CREATE TABLE srv_channels (id INTEGER)"))
        session.execute(sa.text("CREATE TABLE alembic_version (version_num TEXT)"))
    upgrade(empty)
    check(empty)
    assert {"srv_channels", "alembic_version"} <= tables(empty)


def test_an_upgrade_may_be_repeated_and_taken_back(empty: Database) -> None:
    upgrade(empty)
    upgrade(empty)
    command.downgrade(alembic_config(empty), "base")
    assert tables(empty) <= {"outbound_alembic_version"}
