"""Of a campaign that should be sending, and of which nothing leaves, the rows tell why."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Breaker, Campaign, Import, Lease, Pace, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.stall_causes import CAUSES, StallKind
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.heartbeat import EXPIRES
from outbound_campaigns.engine.lease import EngineLease
from outbound_campaigns.reports.stalls import QUIET, Stall, find_stalls, general_cause
from outbound_campaigns.sending.claims import Claimant, claim_slice
from tests.support.outcomes import ACCEPTED, end_with
from tests.support.recipients import add_recipients
from tests.support.senders import OneSender

LONG = timedelta(minutes=2)
ACCESS = OneSender().sender("demo-bot", None).access


class World:
    """An engine leads; `campaign` is running with three people, started long ago."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.lead()
        self.campaign = self.started()

    def lead(self) -> None:
        """For ten seconds, the longest that counts."""
        assert EngineLease(self.database, "engine", time.monotonic, 2 * EXPIRES).acquire()

    def started(self, recipients: int = 3, **fields: Any) -> int:
        with self.database.write() as session:
            now = self.database.now(session)
            new = NewCampaign("demo-bot", "test", "promo", batch_size=100, batch_interval_ms=1000, **fields)
            campaign_id = campaign_rows.create(session, new, now - LONG).id
            add_recipients(session, campaign_id, recipients, now - LONG)
            actions.start(session, campaign_id, ResolvedTemplate("promo", "es_MX"), Act("ana", now - LONG))
        return campaign_id

    def now(self) -> datetime:
        return self.database.read_clock()

    def change(self, **values: Any) -> None:
        with self.database.write() as session:
            campaign_rows.update(session, self.campaign, **values)

    def add(self, row: Any) -> None:
        with self.database.write() as session:
            session.add(row)

    def look(self, campaign_id: int | None = None) -> Stall | None:
        stop = general_cause(self.database)
        with self.database.read() as session:
            found = find_stalls(session, self.now(), stop, lambda _: ACCESS, "demo-bot")
        return next((one for one in found if one.campaign.id == (campaign_id or self.campaign)), None)

    def cause(self) -> str:
        found = self.look()
        assert found is not None
        for language in ("es", "en"):
            assert found.cause.text(language)
        return found.cause.code


@pytest.fixture
def world(database: Database) -> World:
    return World(database)


def test_nothing_is_explained_while_messages_leave(world: World) -> None:
    at = world.now() - QUIET / 2
    world.change(window=[[at.timestamp(), 1]])
    assert world.look() is None


def test_a_campaign_that_was_just_started_or_resumed_is_given_its_time(world: World) -> None:
    world.change(finals_since=world.now() - QUIET / 2)
    assert world.look() is None


@pytest.mark.parametrize("status", ["draft", "paused", "completed", "failed", "cancelled"])
def test_who_is_not_to_be_sent_is_not_waiting(world: World, status: str) -> None:
    world.change(status=status)
    assert world.look() is None


def test_a_campaign_without_anybody_left_is_not_waiting(world: World) -> None:
    world.change(pending_count=0, sent_count=3)
    assert world.look() is None


def test_another_bots_campaigns_are_not_told(world: World) -> None:
    world.change(bot_id="other-bot")
    assert world.look() is None


def test_without_an_engine_nothing_moves(world: World) -> None:
    with world.database.write() as session:
        session.execute(sa.update(Lease).values(expires_at=world.now() - LONG))
    assert world.cause() == "engine_missing"


def test_a_restored_copy_is_held_and_says_by_which_sign(world: World) -> None:
    with world.database.write() as session:
        session.execute(sa.text("UPDATE outbound_instance SET inode = inode + 1, oid = oid + 1"))
    assert world.cause() == "restored_copy"
    found = world.look()
    assert found is not None
    assert "db accept" in found.cause.text("en")
    assert "not the file that was marked" in found.cause.text("en") or "another database" in found.cause.text(
        "en"
    )


@pytest.mark.parametrize(
    ("version", "code"), [("0001", "tables_old"), ("9999", "tables_new"), (None, "tables_missing")]
)
def test_tables_of_another_version_stop_everything(world: World, version: str | None, code: str) -> None:
    with world.database.write() as session:
        if version is None:
            session.execute(sa.text("DELETE FROM outbound_alembic_version"))
        else:
            change = sa.text("UPDATE outbound_alembic_version SET version_num = :version")
            session.execute(change, {"version": version})
    assert world.cause() == code


def test_an_open_breaker_tells_when_vonage_is_asked_next(world: World) -> None:
    probe = world.now() + timedelta(seconds=8)
    world.add(Breaker(access=str(ACCESS), failures=5, is_open=True, probe_at=probe, wait=8.0))
    found = world.look()
    assert found is not None
    assert (found.cause.code, found.cause.until, found.cause.kind) == ("breaker_open", probe, StallKind.STUCK)


def test_a_spend_limit_that_is_reached_is_told(world: World) -> None:
    world.change(limit_reached=True)
    assert world.cause() == "spend_limit"


def test_a_canary_waits_for_its_receipts(world: World) -> None:
    canary = world.started(canary_size=2)
    world.campaign = canary
    end_with(world.database, canary, ACCEPTED)
    long_ago = world.now() - timedelta(minutes=1)
    world.change(window=[[long_ago.timestamp(), 2]], canary_last_at=long_ago)
    found = world.look()
    assert found is not None
    assert (found.cause.code, found.cause.values) == ("canary_waits", {"unanswered": 2})
    assert found.cause.until == long_ago + timedelta(minutes=30)
    assert found.since == long_ago


def test_members_of_a_canary_that_wait_for_a_retry_are_told_as_such(world: World) -> None:
    world.campaign = world.started(canary_size=1)
    with world.database.write() as session:
        mine = Recipient.campaign_id == world.campaign
        first = session.execute(sa.select(sa.func.min(Recipient.id)).where(mine)).scalar_one()
        later = world.now() + LONG
        session.execute(sa.update(Recipient).where(Recipient.id == first).values(next_attempt_at=later))
    world.change(canary_members=[first], sender_number=None)
    assert world.cause() == "retries"


def test_the_next_batch_comes_at_its_time(world: World) -> None:
    at = world.now() - timedelta(minutes=1)
    world.change(batch_size=1, batch_interval_ms=3_600_000, window=[[at.timestamp(), 1]])
    found = world.look()
    assert found is not None
    assert (found.cause.code, found.cause.kind) == ("next_batch", StallKind.WAITS)
    assert found.cause.until is not None
    assert abs(found.cause.until - at - timedelta(hours=1)) < timedelta(minutes=1)


def test_answers_that_do_not_come_or_are_not_written_down_are_told(world: World) -> None:
    sender = replace(OneSender().sender("demo-bot", None), messages_per_second=10_000)
    claim_slice(world.database, world.campaign, sender, Claimant("engine", 1, lambda: 0.0))
    world.change(window=[[(world.now() - LONG).timestamp(), 1]])
    found = world.look()
    assert found is not None
    assert (found.cause.code, found.cause.values) == ("answers_awaited", {"sending": 1})


def test_all_who_are_left_wait_for_their_retry(world: World) -> None:
    later = world.now() + LONG
    with world.database.write() as session:
        mine = Recipient.campaign_id == world.campaign
        session.execute(sa.update(Recipient).where(mine).values(next_attempt_at=later))
    found = world.look()
    assert found is not None
    assert (found.cause.code, found.cause.until, found.cause.values) == ("retries", later, {"pending": 3})


def test_a_slow_pace_tells_when_the_next_leaves(world: World) -> None:
    at = world.now().timestamp()
    world.add(
        Pace(key=f"account:{ACCESS.account}", per_second=0.01, next_at=at + 70, window_at=at, ceilings={})
    )
    found = world.look()
    assert found is not None
    assert found.cause.code == "pace"
    assert "0.01" in found.cause.text("es")
    assert found.cause.until is not None
    assert found.cause.until.timestamp() == pytest.approx(at + 70)


def test_other_campaigns_may_use_the_accounts_pace(world: World) -> None:
    other = world.started()
    access = ACCESS._asdict()
    world.change(**access)
    with world.database.write() as session:
        campaign_rows.update(session, other, **access, next_batch_at=world.now())
    found = world.look()
    assert found is not None
    assert (found.cause.code, found.cause.values) == ("account_busy", {"campaigns": 1})


@pytest.mark.parametrize("status", ["scheduled", "running"])
def test_an_import_holds_up_the_start_and_the_end(world: World, status: str) -> None:
    world.add(
        Import(campaign_id=world.campaign, file_name="people.csv", path="x", size=1, created_at=world.now())
    )
    left = 0 if status == "running" else 3
    world.change(status=status, scheduled_at=world.now() - LONG, pending_count=left)
    assert world.cause() == "import_under_way"


def test_a_scheduled_start_waits_for_its_template(world: World) -> None:
    world.change(status="scheduled", scheduled_at=world.now() - LONG)
    assert world.cause() == "template_awaited"
    world.change(scheduled_at=world.now() + LONG)
    assert world.look() is None


def test_what_nothing_explains_is_said_to_be_so(world: World) -> None:
    assert world.cause() == "unexplained"


@pytest.mark.parametrize("code", sorted(CAUSES))
def test_a_cause_reads_differently_in_each_language(code: str) -> None:
    words = CAUSES[code].words
    assert words.es != words.en


def test_what_has_left_long_ago_is_read_off_the_row_alone(world: World) -> None:
    long_ago = world.now() - timedelta(hours=3)
    world.change(window=[[long_ago.timestamp(), 1]], started_at=long_ago - LONG)
    found = world.look()
    assert found is not None
    assert isinstance(found.campaign, Campaign)
    assert found.since == long_ago
