"""The tables come up from nothing, match the models, and leave Botpress's own alone."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import phonenumbers
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from outbound_campaigns.campaigns import recounting
from outbound_campaigns.database import postgresql_session
from outbound_campaigns.database.migrations.tables import Tables, tables_of, versions
from outbound_campaigns.database.migrations.upgrade import alembic_config, check, upgrade
from outbound_campaigns.database.models import Campaign, CountryCount, ErrorCount, TimelineMinute
from outbound_campaigns.database.transactions import Database, open_database
from tests.support.tables import url_of

CAMPAIGN = """
    INSERT INTO outbound_campaigns (id, ref, bot_id, name, template_id, template_language, status, batch_size,
        batch_interval_ms, max_attempts, timezone, created_at, updated_at, "window", alike_count,
        pending_count, sending_count, sent_count, delivered_count, read_count, failed_count, in_doubt_count,
        skipped_count, cancelled_count)
    VALUES (1, 'abc', 'bot', 'c', 'promo', 'es_MX', 'paused', 1, 1000, 3, 'UTC', '2026-03-01 12:00:00.000000',
        '2026-03-01 12:00:00.000000', '[]', 0, 0, 0, 1, 0, 0, 2, 1, 0, 0)
"""
RECIPIENT = """
    INSERT INTO outbound_recipients (campaign_id, phone_number, phone_key, variables, status, attempts,
        last_attempt, next_attempt_at, error_code, updated_at, sent_at, failed_at)
    SELECT 1, '+52{1}', '52{1}', '{{}}', :status, 1, 1, moment, :code, moment,
        CASE WHEN '{0}' = 'sent_at' THEN moment END, CASE WHEN '{0}' = 'failed_at' THEN moment END
    FROM (SELECT {2} AS moment) AS given
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    database = open_database(url_of(request, tmp_path))
    yield database
    database.dispose()


def tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


def test_an_empty_database_comes_up_to_the_models(empty: Database) -> None:
    assert tables_of(empty) is Tables.MISSING
    upgrade(empty)
    check(empty)
    assert tables_of(empty) is Tables.CURRENT
    assert all(name.startswith("outbound_") for name in tables(empty))


def test_the_migrations_are_those_that_alembic_knows_and_are_named_by_their_numbers(empty: Database) -> None:
    known = ScriptDirectory.from_config(alembic_config(empty)).walk_revisions()
    assert versions() == tuple(script.revision for script in known)


@pytest.mark.parametrize(
    ("program", "unwanted"),
    [("outbound_campaigns.web.app", "alembic"), ("outbound_campaigns.engine.__main__", "alembic flask")],
)
def test_what_serves_and_what_sends_hold_no_library_that_they_do_not_need(
    program: str, unwanted: str
) -> None:
    code = f"import {program}, sys; sys.exit(' '.join(set(sys.modules) & set('{unwanted}'.split())))"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.stderr.strip() == ""


def test_other_tables_of_the_database_are_neither_seen_nor_touched(empty: Database) -> None:
    with empty.write() as session:
        session.execute(sa.text("CREATE TABLE srv_channels (id INTEGER)"))
        session.execute(sa.text("CREATE TABLE alembic_version (version_num TEXT)"))
    upgrade(empty)
    check(empty)
    assert {"srv_channels", "alembic_version"} <= tables(empty)


def test_postgresql_is_told_to_clean_up_soon_what_changes_often(
    new_postgres_database: Callable[[], str],
) -> None:
    database = open_database(new_postgres_database())
    upgrade(database)
    query = sa.text("SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r'")
    with database.read() as session:
        options = {name: dict(part.split("=") for part in parts) for name, parts in session.execute(query)}
    database.dispose()
    assert options["outbound_recipients"]["autovacuum_vacuum_scale_factor"] == "0.02"
    assert options["outbound_recipients"]["fillfactor"] == "75"
    assert options["outbound_campaigns"]["autovacuum_vacuum_scale_factor"] == "0"


def test_an_upgrade_may_be_repeated_and_taken_back(empty: Database) -> None:
    upgrade(empty)
    upgrade(empty)
    command.downgrade(alembic_config(empty), "base")
    assert tables(empty) <= {"outbound_alembic_version"}


def test_rows_from_before_are_counted_by_the_upgrade(empty: Database) -> None:
    command.upgrade(alembic_config(empty), "0001")
    moment_of_row = "'2026-03-01 12:07:59.123456'"
    at = moment_of_row if empty.is_sqlite else f"CAST({moment_of_row} || '+00' AS timestamptz)"
    with empty.write() as session:
        session.execute(sa.text(CAMPAIGN if empty.is_sqlite else CAMPAIGN.replace("000000'", "000000+00'")))
        for number, (status, code, moment) in enumerate(
            [
                ("sent", None, "sent_at"),
                ("failed", "http_422_to", "failed_at"),
                ("failed", None, "failed_at"),
                ("in_doubt", "timeout", "updated_at"),
            ]
        ):
            session.execute(sa.text(RECIPIENT.format(moment, number, at)), {"status": status, "code": code})
    upgrade(empty)
    with empty.read() as session:
        assert recounting.recount(session) == []
        (minute,) = session.execute(sa.select(TimelineMinute)).scalars().all()
        errors = session.execute(sa.select(ErrorCount.code, ErrorCount.count)).all()
        guarded = session.execute(sa.select(Campaign)).scalar_one()
    assert (guarded.failure_share_limit, guarded.finals, guarded.canary_size) == (0.5, [], None)
    assert (minute.at, minute.sent, minute.failed) == (datetime(2026, 3, 1, 12, 7, tzinfo=UTC), 1, 2)
    assert {tuple(row) for row in errors} == {("http_422_to", 1), ("unknown", 1), ("timeout", 1)}


def test_a_migration_may_take_longer_than_the_services_transactions(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.upgrade(alembic_config(empty), "0005")
    at = "'2026-03-01 12:07:59.123456'"
    at = at if empty.is_sqlite else f"CAST({at} || '+00' AS timestamptz)"
    with empty.write() as session:
        session.execute(sa.text(CAMPAIGN if empty.is_sqlite else CAMPAIGN.replace("000000'", "000000+00'")))
        session.execute(
            sa.text(RECIPIENT.format("sent_at", 4422591631, at)), {"status": "sent", "code": None}
        )
        session.execute(sa.text("UPDATE outbound_recipients SET phone_number = '+573101234567'"))
    parse = phonenumbers.parse

    def parse_slowly(number: str) -> object:
        time.sleep(1)
        return parse(number)

    monkeypatch.setattr(phonenumbers, "parse", parse_slowly)
    for limit in ("LONGEST_IDLE", "LONGEST_STATEMENT"):
        monkeypatch.setattr(postgresql_session, limit, 300)
    empty.dispose()
    upgrade(empty)
    with empty.read() as session:
        (count,) = session.execute(sa.select(CountryCount)).scalars()
    assert (count.country, count.recipients) == ("CO", 1)


def test_countries_and_limits_from_before_are_kept_by_the_upgrade(empty: Database) -> None:
    command.upgrade(alembic_config(empty), "0004")
    at = "'2026-03-01 12:07:59.123456'"
    at = at if empty.is_sqlite else f"CAST({at} || '+00' AS timestamptz)"
    with empty.write() as session:
        session.execute(sa.text(CAMPAIGN if empty.is_sqlite else CAMPAIGN.replace("000000'", "000000+00'")))
        session.execute(sa.text("UPDATE outbound_campaigns SET spend_limit = 12.345678, sent_count = 3"))
        session.execute(sa.text("UPDATE outbound_campaigns SET failed_count = 0, in_doubt_count = 0"))
        for number in (4422591631, 4422591632, 4422591633):
            session.execute(
                sa.text(RECIPIENT.format("sent_at", number, at)), {"status": "sent", "code": None}
            )
        foreign = "UPDATE outbound_recipients SET phone_number = '+573101234567' WHERE phone_key LIKE '%3'"
        session.execute(sa.text(foreign))
        session.execute(sa.text("UPDATE outbound_recipients SET last_attempt = 0 WHERE phone_key LIKE '%1'"))
    upgrade(empty)
    with empty.read() as session:
        assert recounting.recount(session) == []
        assert session.execute(sa.select(Campaign.spend_limit)).scalar_one() == 12_345_678
        counts = session.execute(sa.select(CountryCount).order_by(CountryCount.country)).scalars().all()
    assert [(one.country, one.recipients, one.tried) for one in counts] == [("CO", 1, 1), ("MX", 2, 1)]
    command.downgrade(alembic_config(empty), "0004")
    with empty.read() as session:
        limit = session.execute(sa.text("SELECT spend_limit FROM outbound_campaigns")).scalar_one()
    assert limit == pytest.approx(12.345678)
