"""A PostgreSQL database knows that it is a copy, however it was copied; upkeep leaves it what it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from outbound_campaigns.database.copy_mark import CopySign, HeldCopy, InstanceMark
from outbound_campaigns.database.migrations.upgrade import upgrade
from outbound_campaigns.database.models import Instance
from outbound_campaigns.database.transactions import Database, open_database
from tests.support.postgres_programs import promoted_copy, run


@contextmanager
def opened(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.dispose()


@pytest.fixture
def url(new_postgres_database: Callable[[], str]) -> str:
    """Of an up-to-date database, to which nobody is connected."""
    made = new_postgres_database()
    with opened(made) as database:
        upgrade(database)
    return made


def held(url: str) -> HeldCopy | None:
    with opened(url) as database:
        return InstanceMark(database).held()


def name(url: str) -> str:
    return sa.make_url(url).database or ""


def tell(host: str, database: str, *statements: str) -> None:
    with psycopg.connect(host=host, user="postgres", dbname=database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def test_upkeep_does_not_make_it_a_copy(url: str, postgres_server: str) -> None:
    assert held(url) is None
    for upkeep in ("VACUUM FREEZE", "VACUUM FULL", "CLUSTER outbound_instance USING pk_outbound_instance"):
        tell(postgres_server, name(url), upkeep, "ANALYZE", "CHECKPOINT")
        assert held(url) is None, upkeep


def test_a_dump_read_into_another_database_is_a_copy(
    url: str, postgres_server: str, new_postgres_database: Callable[[], str], tmp_path: Path
) -> None:
    dump, other = str(tmp_path / "campaigns.dump"), new_postgres_database()
    connection = ("-h", postgres_server, "-U", "postgres", "-d")
    run("pg_dump", *connection, name(url), "--format=custom", f"--file={dump}")
    run("pg_restore", *connection, name(other), dump)
    assert held(other) == HeldCopy(CopySign.ANOTHER_DATABASE)
    assert held(url) is None


def test_a_dump_read_into_the_same_database_is_a_copy(url: str, postgres_server: str, tmp_path: Path) -> None:
    dump = str(tmp_path / "campaigns.dump")
    connection = ("-h", postgres_server, "-U", "postgres", "-d")
    run("pg_dump", *connection, name(url), "--format=custom", f"--file={dump}")
    run("pg_restore", *connection, name(url), "--clean", "--single-transaction", dump)
    assert held(url) == HeldCopy(CopySign.WRITTEN_ANEW)
    with opened(url) as database:
        InstanceMark(database).set()
    assert held(url) is None


def test_a_database_made_from_it_as_a_template_is_a_copy(url: str, postgres_server: str) -> None:
    copy = f"{name(url)}_copy"
    tell(postgres_server, "postgres", f"CREATE DATABASE {copy} TEMPLATE {name(url)}")
    try:
        other = sa.make_url(url).set(database=copy).render_as_string()
        assert held(other) == HeldCopy(CopySign.ANOTHER_DATABASE)
    finally:
        tell(postgres_server, "postgres", f"DROP DATABASE {copy}")


def test_a_promoted_standby_is_a_copy(url: str, postgres_server: str) -> None:
    with promoted_copy(postgres_server) as host:
        assert held(url.replace(postgres_server, host)) == HeldCopy(CopySign.ANOTHER_TIMELINE)
        assert held(url) is None


def test_the_numbers_of_transactions_may_have_begun_anew(url: str) -> None:
    with opened(url) as database:
        with database.write() as session:
            far_on = sa.text("UPDATE outbound_instance SET written_by = txid_current() + 3 * 4294967296")
            session.execute(far_on)
        assert InstanceMark(database).held() is None


def test_a_server_that_does_not_tell_is_believed_in_the_rest(url: str, postgres_server: str) -> None:
    user = f"{name(url)}_user"
    tell(
        postgres_server,
        name(url),
        "REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_walfile_name(pg_lsn) FROM PUBLIC",
        f"CREATE ROLE {user} LOGIN",
        f"GRANT ALL ON outbound_instance TO {user}",
    )
    try:
        poor = sa.make_url(url).set(username=user).render_as_string()
        assert held(poor) is None
        with opened(poor) as database:
            InstanceMark(database).set()
            with database.read() as session:
                row = session.execute(sa.select(Instance)).scalar_one()
            assert (row.server, row.timeline) == (None, None)
            assert row.oid is not None
            assert InstanceMark(database).held() is None
            with database.write() as session:
                session.execute(sa.update(Instance).values(marked_at=Instance.marked_at))
            assert InstanceMark(database).held() == HeldCopy(CopySign.WRITTEN_ANEW)
    finally:
        tell(postgres_server, name(url), f"DROP OWNED BY {user}", f"DROP ROLE {user}")
