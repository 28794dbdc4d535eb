"""Counts, errors and timeline are kept by deltas, and agree with the rows."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, bulk_moves, campaign_rows, recounting
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.counting import State, Tally, shift_errors
from outbound_campaigns.database.models import ErrorCount, TimelineMinute
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import RecipientStatus
from tests.support.campaigns import MakeCampaign, set_rows
from tests.support.everyone import EVERYONE

NOON = datetime(2026, 3, 1, 12, 0, 59, 999_999, UTC)
PENDING, SENDING, SENT, FAILED, IN_DOUBT = (
    RecipientStatus.PENDING,
    RecipientStatus.SENDING,
    RecipientStatus.SENT,
    RecipientStatus.FAILED,
    RecipientStatus.IN_DOUBT,
)


def keep(database: Database, campaign_id: int, moves: Sequence[tuple[State, State]], at: datetime) -> None:
    tally = Tally()
    for before, after in moves:
        tally.move(before, after)
    with database.write() as session:
        tally.keep(session, campaign_rows.get(session, campaign_id, lock=True), at)


def timeline(database: Database) -> list[tuple[datetime, int, int, int, int]]:
    with database.read() as session:
        minutes = session.execute(sa.select(TimelineMinute).order_by(TimelineMinute.at)).scalars().all()
    return [(m.at, m.sent, m.delivered, m.read, m.failed) for m in minutes]


def errors(database: Database) -> dict[tuple[str, str], int]:
    with database.read() as session:
        rows = session.execute(sa.select(ErrorCount)).scalars().all()
    return {(row.status, row.code): row.count for row in rows}


def test_what_became_of_recipients_is_counted_in_its_minute(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(5, running=True)
    sent, failed = State(SENT), State(FAILED, "http_422_to")
    keep(database, campaign_id, [(State(PENDING), sent), (State(PENDING), sent)], NOON)
    keep(database, campaign_id, [(State(PENDING), sent), (State(PENDING), failed)], NOON)
    keep(database, campaign_id, [(sent, State(RecipientStatus.READ))], NOON + timedelta(seconds=1))
    minute = NOON.replace(second=0, microsecond=0)
    assert timeline(database) == [(minute, 3, 0, 0, 1), (minute + timedelta(minutes=1), 0, 0, 1, 0)]
    with database.read() as session:
        counts = campaign_rows.get(session, campaign_id).counts
    assert (counts["pending"], counts["sent"], counts["read"], counts["failed"]) == (1, 2, 1, 1)


def test_errors_are_counted_by_status_and_code_while_they_last(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(4, running=True)
    lost, failed = State(IN_DOUBT, "timeout"), State(FAILED, None)
    keep(database, campaign_id, [(State(SENDING), lost), (State(SENDING), lost)], NOON)
    keep(database, campaign_id, [(lost, failed), (State(PENDING), State(SENDING, "http_429"))], NOON)
    assert errors(database) == {("in_doubt", "timeout"): 1, ("failed", "unknown"): 1}


def test_moves_that_are_on_no_timeline_leave_none(database: Database, make_campaign: MakeCampaign) -> None:
    keep(database, make_campaign(1, running=True), [(State(PENDING), State(SENDING))], NOON)
    assert timeline(database) == []


def test_rows_that_are_retried_take_their_errors_with_them(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(3, running=True)
    set_rows(database, campaign_id, "failed", 2, "http_422_to")
    set_rows(database, campaign_id, "failed", 1)
    assert errors(database) == {("failed", "http_422_to"): 2, ("failed", "unknown"): 1}
    with database.write() as session:
        now = database.now(session)
        actions.pause(session, campaign_id, Act("ana", now))
        actions.retry_failed(session, campaign_id, Act("ana", now), EVERYONE)
        bulk_moves.retry_some(session, campaign_id, now, 10)
    assert set(errors(database).values()) == {0}


def test_recount_finds_and_mends_a_wrong_count_of_errors(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(3, running=True)
    set_rows(database, campaign_id, "failed", 2, "http_422_to")
    with database.write() as session:
        shift_errors(session, campaign_id, {("failed", "http_422_to"): 5, ("in_doubt", "timeout"): 1})
        differences = recounting.recount(session)
        recounting.mend(session, differences)
    found = [(d.status, d.code, d.kept, d.counted) for d in differences]
    assert found == [("failed", "http_422_to", 7, 2), ("in_doubt", "timeout", 1, 0)]
    with database.read() as session:
        assert recounting.recount(session) == []


def test_mending_locks_campaigns_in_the_order_of_everybody(
    database: Database, make_campaign: MakeCampaign
) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    first, second = make_campaign(1), make_campaign(1)
    with database.write() as session:
        campaign_rows.update(session, first, spend_possible=5)
        campaign_rows.update(session, second, sent_count=5)
    with database.read() as session:
        wrong = recounting.recount(session)
    assert [one.campaign_id for one in wrong] == [second, first]

    def mend() -> None:
        with database.write() as session:
            recounting.mend(session, wrong)

    mending = threading.Thread(target=mend)
    with database.write() as session:
        campaign_rows.get(session, first, lock=True)
        mending.start()
        while not waiting_for_locks(database):
            time.sleep(0.01)
        campaign_rows.get(session, second, lock=True)
    mending.join(30)
    with database.read() as session:
        assert recounting.recount(session) == []


def waiting_for_locks(database: Database) -> bool:
    with database.read() as session:
        return bool(session.execute(sa.text("SELECT 1 FROM pg_locks WHERE NOT granted LIMIT 1")).scalar())
