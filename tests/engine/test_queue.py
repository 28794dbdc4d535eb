"""Jobs come with the transaction that causes them, once each, and none is missed for good."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.migrations.upgrade import check, upgrade
from outbound_campaigns.database.transactions import Database, is_unavailable, open_database
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.queue import Queue, create_tables, wake_by_job, wake_forgotten
from tests.support.recipients import add_recipients


@pytest.fixture
def database(new_postgres_database: Callable[[], str]) -> Iterator[Database]:
    made = open_database(new_postgres_database(), wake=wake_by_job)
    upgrade(made)
    create_tables(made)
    yield made
    made.dispose()


def jobs(database: Database) -> Sequence[Any]:
    with database.read() as session:
        query = sa.text("SELECT (args->>'campaign_id')::int, status FROM procrastinate_jobs ORDER BY id")
        return [tuple(row) for row in session.execute(query)]


def start(database: Database, fails: bool = False) -> int:
    with database.write() as session:
        now = database.now(session)
        campaign_id = campaign_rows.create(session, NewCampaign("bot", "name", "promo"), now).id
        add_recipients(session, campaign_id, 2, now, campaign_id * 10)
        actions.start(session, campaign_id, ResolvedTemplate("promo", "es_MX"), Act("operator", now))
        if fails:
            raise InterruptedError
        return campaign_id


def test_a_start_that_is_rolled_back_leaves_no_job(database: Database) -> None:
    with pytest.raises(InterruptedError):
        start(database, fails=True)
    assert jobs(database) == []


def test_a_start_leaves_one_job_however_often_it_is_woken(database: Database) -> None:
    campaign_id = start(database)
    with database.write() as session:
        wake_by_job(session, campaign_id, None)
        # What else the transaction does stands.
        campaign_rows.get(session, campaign_id, lock=True).name = "changed"
    assert jobs(database) == [(campaign_id, "todo")]
    with database.read() as session:
        assert campaign_rows.get(session, campaign_id).name == "changed"


def test_a_campaign_starts_though_the_queue_is_missing(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.text("ALTER FUNCTION procrastinate_defer_jobs_v1 RENAME TO elsewhere"))
    campaign_id = start(database)
    with database.read() as session:
        assert campaign_rows.get(session, campaign_id).status == "running"


def test_a_database_that_goes_away_is_told_as_such(database: Database) -> None:
    with pytest.raises(OperationalError) as caught:
        wake_without_a_database(database)
    assert is_unavailable(caught.value)


def wake_without_a_database(database: Database) -> None:
    with database.write() as session:
        session.begin_nested()
        number = session.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
        with database.engine.connect() as other:
            other.execute(sa.text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
        wake_by_job(session, 7, None)


def test_what_waits_for_its_time_does_not_hold_up_what_is_wanted_now(database: Database) -> None:
    with database.write() as session:
        wake_by_job(session, 7, database.now(session) + timedelta(hours=1))
        wake_by_job(session, 7, None)
    assert jobs(database) == [(7, "todo"), (7, "todo")]


def test_a_running_campaign_without_a_job_is_woken_and_one_that_is_sent_is_not(database: Database) -> None:
    forgotten, held = start(database), start(database)
    with database.write() as session:
        session.execute(sa.text("DELETE FROM procrastinate_jobs"))
        campaign_rows.get(session, held, lock=True).worker = "somebody"
    wake_forgotten(database)
    wake_forgotten(database)
    assert jobs(database) == [(forgotten, "todo")]


async def work_for(queue: Queue, seconds: float) -> list[int]:
    """The campaigns that were woken meanwhile."""
    woken: list[int] = []

    async def run(campaign_id: int) -> None:
        woken.append(campaign_id)

    working = asyncio.create_task(queue.work(run))
    await asyncio.sleep(seconds)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    return woken


def test_jobs_are_done_at_their_time_and_leave_nothing_behind(database: Database) -> None:
    first = start(database)
    with database.write() as session:
        now = database.now(session)
        wake_by_job(session, 7, now + timedelta(seconds=0.5))
        wake_by_job(session, 8, now + timedelta(hours=1))
    assert asyncio.run(work_for(Queue(database), 2.0)) == [first, 7]
    assert jobs(database) == [(8, "todo")]


def test_the_queues_tables_do_not_disturb_the_migrations(database: Database) -> None:
    create_tables(database)
    check(database)
    upgrade(database)


def test_the_job_of_a_dead_worker_is_dropped(database: Database) -> None:
    start(database)
    with database.write() as session:
        session.execute(sa.text("UPDATE procrastinate_jobs SET status = 'doing'"))

    async def remove() -> None:
        queue = Queue(database)
        async with queue.connected():
            await queue.remove_stalled()

    asyncio.run(remove())
    assert jobs(database) == []
