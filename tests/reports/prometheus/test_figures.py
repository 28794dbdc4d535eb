"""Prometheus reads what the database knows: by the counts that are kept, never by counting recipients."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import (
    Breaker,
    Campaign,
    Import,
    InboundMessage,
    Lease,
    Pace,
    RefusedWebhook,
)
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.heartbeat import EXPIRES
from outbound_campaigns.engine.lease import EngineLease
from tests.support.outcomes import ACCEPTED, LOST, REFUSED, end_with
from tests.support.receipt_bodies import API_KEY
from tests.support.scraping import Scraped, scrape
from tests.support.site import BOT, OTHER_BOT, Site

FOUR = "phone_number,var1\n4422591631,Ana\n4422591632,Eva\n4422591633,Luz\n4422591634,Mar\n"


def lead(database: Database) -> None:
    """For ten seconds, the longest that counts."""
    assert EngineLease(database, "engine", time.monotonic, 2 * EXPIRES).acquire()


def add(database: Database, *rows: Any) -> None:
    with database.write() as session:
        session.add_all(rows)


def test_recipients_are_summed_by_bot_and_status(site: Site) -> None:
    for _ in range(2):
        end_with(site.database, site.started(FOUR), ACCEPTED, REFUSED, LOST, ACCEPTED)
    site.filled(FOUR, bot=OTHER_BOT)
    found = scrape(site)
    assert found.value("recipients", bot=BOT, status="sent") == 4
    assert found.value("recipients", bot=BOT, status="failed") == 2
    assert found.value("recipients", bot=BOT, status="in_doubt") == 2
    assert found.value("recipients", bot=OTHER_BOT, status="pending") == 4
    assert found.value("recipients", bot=OTHER_BOT, status="sent") == 0
    assert found.value("recipients_with_code", status="failed", code="1180") == 2
    assert found.value("recipients_with_code", status="in_doubt", code="timeout") == 2
    assert found.value("recipients_with_code", **{"class": "in_doubt"}) == 2


def test_campaigns_are_counted_by_status_and_paused_ones_by_reason(site: Site) -> None:
    site.filled(FOUR)
    by_operator, by_guard = site.started(FOUR), site.started(FOUR)
    with site.database.write() as session:
        now = site.database.now(session)
        actions.pause(session, by_operator, Act("ana", now))
        actions.pause(session, by_guard, Act("guard", now, {"code": "failure_share"}))
    found = scrape(site)
    assert found.value("campaigns", bot=BOT, status="draft") == 1
    assert found.value("campaigns", bot=BOT, status="paused") == 2
    assert found.value("campaigns", bot=BOT, status="running") == 0
    assert found.value("paused_campaigns", bot=BOT, reason="operator") == 1
    assert found.value("paused_campaigns", bot=BOT, reason="failure_share") == 1


def test_an_engine_that_leads_is_told_from_one_whose_heart_stands_still(site: Site) -> None:
    assert scrape(site).value("engine_leads") == 0
    assert scrape(site).value("engine_heartbeat_age_seconds") is None
    lead(site.database)
    found = scrape(site)
    assert found.value("engine_leads") == 1
    assert (found.value("engine_heartbeat_age_seconds") or 0) < 5
    with site.database.write() as session:
        long_ago = site.database.now(session) - timedelta(minutes=5)
        session.execute(sa.update(Lease).values(renewed_at=long_ago, expires_at=long_ago))
    found = scrape(site)
    assert found.value("engine_leads") == 0
    assert (found.value("engine_heartbeat_age_seconds") or 0) >= 300


def test_the_queue_and_how_long_nothing_has_left_are_those_of_running_campaigns(site: Site) -> None:
    site.filled(FOUR)
    campaign_id = site.started(FOUR)
    with site.database.write() as session:
        long_ago = site.database.now(session) - timedelta(minutes=5)
        mine = Campaign.id == campaign_id
        session.execute(sa.update(Campaign).where(mine).values(started_at=long_ago))
    lead(site.database)
    found = scrape(site)
    assert found.value("queue_recipients", bot=BOT) == 4
    assert (found.value("last_departure_age_seconds", bot=BOT) or 0) >= 300
    assert found.value("waiting_campaigns", bot=BOT, kind="stuck", code="unexplained") == 1


def test_paces_and_breakers_are_told_without_keys_and_numbers(site: Site) -> None:
    now = time.time()
    row = {"next_at": now, "window_at": now}
    add(
        site.database,
        Pace(key=f"account:{API_KEY}", per_second=5.0, ceilings={BOT: [20.0, now]}, **row),
        Pace(key="sender:5215550001111", per_second=20.0, ceilings={BOT: [20.0, now]}, **row),
        Pace(key="sender:5215550002222", per_second=20.0, ceilings={BOT: [20.0, now - 9000]}, **row),
        Breaker(access=API_KEY, is_open=True, failures=5, wait=1.0),
    )
    found = scrape(site)
    assert found.value("pace_messages_per_second", scope="account", bots=BOT) == 5
    assert found.value("pace_ratio", scope="account", bots=BOT) == 0.25
    assert found.value("pace_ratio", scope="sender") == 1
    assert found.value("breaker_open") == 1
    (breaker,) = found.families["outbound_campaigns_breaker_open"].samples
    assert found.value("pace_ratio", key=breaker.labels["key"]) == 0.25
    assert API_KEY not in found.text
    assert re.search(r"52\d{10}|55\d{8}|44\d{8}", found.text) is None


def test_what_waits_for_the_engine_is_counted_with_its_age(site: Site) -> None:
    campaign_id = site.started(FOUR)
    now = site.database.read_clock()
    old = now - timedelta(minutes=10)
    message: dict[str, Any] = {"bot_id": BOT, "received_at": old, "try_at": now, "forward": "waiting"}
    add(
        site.database,
        RefusedWebhook(bot_id=BOT, day=now.date(), reason="unsigned", count=3),
        RefusedWebhook(bot_id=BOT, day=old.date() - timedelta(days=1), reason="unsigned", count=4),
        InboundMessage(**message),
        InboundMessage(**message | {"received_at": now}),
        InboundMessage(**message | {"forward": "forwarded", "received_at": old - timedelta(days=1)}),
        Import(campaign_id=campaign_id, file_name="a.csv", path="a", size=1, created_at=old),
    )
    found = scrape(site)
    assert found.value("webhooks_refused_total", bot=BOT, reason="unsigned") == 7
    assert (found.value("inbound_waiting"), found.value("imports_waiting")) == (2, 1)
    assert 600 <= (found.value("inbound_lag_seconds") or 0) < 700
    assert 600 <= (found.value("imports_lag_seconds") or 0) < 700
    assert (found.value("receipts_waiting"), found.value("receipts_lag_seconds")) == (0, 0)
    assert found.value("receipts_stored_total") == 0


def test_the_version_is_told_and_which_obstacle_there_is(site: Site) -> None:
    found = scrape(site)
    assert found.value("build_info") == 1
    assert found.value("database_up") == 1
    assert found.value("obstacle", code="restored_copy") == 0
    with site.database.write() as session:
        session.execute(sa.text("UPDATE outbound_instance SET inode = inode + 1, oid = oid + 1"))
    assert scrape(site).value("obstacle", code="restored_copy") == 1
    with site.database.write() as session:
        session.execute(sa.text("UPDATE outbound_alembic_version SET version_num = '0001'"))
    old = scrape(site)
    assert (old.value("obstacle", code="tables_old"), old.value("database_up")) == (1, 1)
    assert old.value("engine_leads") == 0
    assert "outbound_campaigns_recipients" not in old.families


def test_without_the_database_that_alone_is_told(site_without_database: Site) -> None:
    found = scrape(site_without_database)
    assert found.value("database_up") == 0
    assert set(found.families) == {"outbound_campaigns_database_up"}


@contextmanager
def statements_of(database: Database) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(database.engine, "before_cursor_execute", note)


LARGE = ("outbound_recipients", "outbound_attempts", "outbound_receipts", "outbound_inbound_messages")


def test_no_figure_walks_through_a_large_table(site: Site) -> None:
    if not site.database.is_sqlite:
        pytest.skip("its planner reads small tables whole")
    lead(site.database)
    site.started(FOUR)
    with site.database.write() as session:
        long_ago = site.database.now(session) - timedelta(minutes=5)
        session.execute(sa.update(Campaign).values(started_at=long_ago))
    with statements_of(site.database) as seen:
        scrape(site)
    assert any("outbound_recipients" in statement for statement, _ in seen)
    with site.database.engine.connect() as connection:
        for statement, parameters in seen:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            for *_, step in plan:
                walked = [name for name in LARGE if re.search(rf"SCAN {name}(?! USING INDEX)", step)]
                assert walked == [], (statement, step)


def test_a_scrape_is_read_by_prometheus_in_both_of_its_forms(site: Site) -> None:
    answer = site.client.get(
        "/metrics",
        headers={
            "Authorization": "Bearer a-token-of-twenty-odd",
            "Accept": "application/openmetrics-text; version=1.0.0",
        },
    )
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
    assert Scraped(scrape(site).text).names
