"""What our transactions on PostgreSQL rest on does not depend on how server, role or database are set."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import NewCampaign
from outbound_campaigns.database import transactions
from outbound_campaigns.database.models import Campaign, Receipt
from outbound_campaigns.database.postgresql_session import settings_off
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.domain.durability import UNSAFE_WHEN_OFF
from outbound_campaigns.incoming import receipts

Open = Callable[..., Database]


@pytest.fixture
def opened_with(copied_postgres_database: Callable[[], str]) -> Iterator[Open]:
    """Opens a database whose sessions begin with other settings than the server's."""
    opened: list[Database] = []

    def open_it(**settings: str) -> Database:
        url = copied_postgres_database()
        name = sa.make_url(url).database
        with open_database(url) as database, database.write() as session:
            for setting, value in settings.items():
                session.execute(sa.text(f"ALTER DATABASE {name} SET {setting} = '{value}'"))
        opened.append(open_database(url))
        return opened[-1]

    yield open_it
    for database in opened:
        database.dispose()


@pytest.mark.parametrize(("configured", "ours"), [("off", "on"), ("local", "local"), ("on", "on")])
def test_what_is_written_is_on_disk_when_it_is_committed(
    opened_with: Open, configured: str, ours: str
) -> None:
    with opened_with(synchronous_commit=configured).write() as session:
        assert session.execute(sa.text("SHOW synchronous_commit")).scalar_one() == ours


def test_settings_that_give_up_durability_are_found(opened_with: Open) -> None:
    with opened_with().read() as session:
        before = settings_off(session, UNSAFE_WHEN_OFF)
    with opened_with(synchronous_commit="off").read() as session:
        assert settings_off(session, UNSAFE_WHEN_OFF) == sorted({*before, "synchronous_commit"})


def test_connections_whose_server_went_while_they_rested_are_replaced(
    opened_with: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "LONGEST_REST", 0.0)
    database = opened_with()
    with database.read() as first, database.read() as second:
        gone = [
            session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one() for session in (first, second)
        ]
    url = database.engine.url.render_as_string(hide_password=False)
    query = sa.text("SELECT pg_terminate_backend(pid) FROM unnest(:them) AS t(pid)")
    with open_database(url) as another, another.read() as session:
        session.execute(query, {"them": gone})
    with database.read() as first, database.write() as second:
        assert (
            first.execute(sa.text("SELECT 1")).scalar_one()
            == second.execute(sa.text("SELECT 1")).scalar_one()
        )


def test_a_connection_that_can_t_be_prepared_is_closed(copied_postgres_database: Callable[[], str]) -> None:
    url = sa.make_url(copied_postgres_database())
    ask = "FUNCTION pg_backend_pid()"
    with open_database(url.render_as_string(hide_password=False)) as ours:
        with ours.write() as session:
            for what in ("CREATE ROLE unprepared LOGIN", f"REVOKE EXECUTE ON {ask} FROM PUBLIC"):
                session.execute(sa.text(what))
        try:
            theirs = url.set(username="unprepared").render_as_string(hide_password=False)
            with open_database(theirs) as database, pytest.raises(ProgrammingError, match="pg_backend_pid"):
                database.read_clock()
            # A connection that was only forgotten would be a warning here, and so an error.
            gc.collect()
        finally:
            with ours.write() as session:
                for what in (f"GRANT EXECUTE ON {ask} TO PUBLIC", "DROP ROLE unprepared"):
                    session.execute(sa.text(what))


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_each_statement_of_a_write_sees_what_was_committed_before_it(opened_with: Open, level: str) -> None:
    database = opened_with(default_transaction_isolation=level)
    count = sa.select(sa.func.count()).select_from(Receipt)
    with database.write() as session:
        assert session.execute(count).scalar_one() == 0
        with database.write() as another:
            receipts.store(another, [("bot", "{}")], database.now(another))
        assert session.execute(count).scalar_one() == 1


@pytest.mark.parametrize("style", ["SQL, DMY", "German", "Postgres"])
def test_the_server_s_way_to_write_dates_moves_nothing(opened_with: Open, style: str) -> None:
    database = opened_with(datestyle=style)
    with database.write() as session:
        receipts.store(session, [("bot", "{}")], now := database.begun_at(session))
    with database.read() as session:
        assert session.execute(sa.select(Receipt.received_at)).scalar_one() == now
    assert database.ask(sa.select(Receipt.received_at)) == [(now,)]
    assert database.read_clock() > now


def test_the_server_s_time_zone_moves_nothing(opened_with: Open) -> None:
    database = opened_with(timezone="America/Mexico_City")
    with database.write() as session:
        now = database.now(session)
        receipts.store(session, [("bot", "{}")], now)
    with database.read() as session:
        stored = session.execute(sa.select(Receipt)).scalar_one()
    assert stored.received_at == now
    assert stored.received_at.utcoffset() == timedelta()


def test_all_that_a_reader_sees_is_of_one_moment(database: Database) -> None:
    with database.read() as session:
        count = sa.select(sa.func.count()).select_from(Campaign)
        assert session.execute(count).scalar_one() == 0
        with database.write() as other:
            campaign_rows.create(other, NewCampaign("bot", "c", "promo"), database.now(other))
        assert session.execute(count).scalar_one() == 0
    with database.read() as session:
        assert session.execute(count).scalar_one() == 1
