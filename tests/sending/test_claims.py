"""A claim: rows become one worker's alone, each with an attempt, before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Attempt, Breaker, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.slice import CLAIM_LASTS, Probe, Slice, Wait
from tests.support.campaigns import MakeCampaign
from tests.support.senders import OneSender

SENDER = replace(OneSender().sender("bot", None), messages_per_second=20.0)


def claim(
    database: Database, campaign_id: int, worker: str = "worker", most: int = 1000
) -> Slice | Wait | Probe:
    return claim_slice(database, campaign_id, SENDER, Claimant(worker, most, lambda: 0.0))


def rows(database: Database, campaign_id: int) -> list[Recipient]:
    with database.read() as session:
        query = sa.select(Recipient).where(Recipient.campaign_id == campaign_id).order_by(Recipient.id)
        return list(session.execute(query).scalars())


def change_rows(database: Database, campaign_id: int, **values: Any) -> None:
    with database.write() as session:
        session.execute(sa.update(Recipient).where(Recipient.campaign_id == campaign_id).values(**values))


def now_of(database: Database) -> datetime:
    return database.read_clock()


def test_each_claimed_row_is_sending_and_has_an_attempt_of_its_own(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(3, running=True)
    claimed = claim(database, campaign_id)
    assert isinstance(claimed, Slice)
    taken = rows(database, campaign_id)
    assert [(row.status, row.claimed_by, row.last_attempt) for row in taken] == [("sending", "worker", 1)] * 3
    assert all(row.claimed_until and row.claimed_until > now_of(database) for row in taken)
    with database.read() as session:
        attempts = session.execute(sa.select(Attempt.recipient_id, Attempt.number)).all()
    assert sorted(map(tuple, attempts)) == [(row.id, 1) for row in taken]
    assert [departure.recipient_id for departure in claimed.departures] == [row.id for row in taken]
    assert claimed.deadline == claimed.mark + CLAIM_LASTS.total_seconds()


def test_nobody_is_claimed_twice(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(3, running=True)
    claim(database, campaign_id)
    assert isinstance(claim(database, campaign_id, "another"), Wait)
    assert {row.claimed_by for row in rows(database, campaign_id)} == {"worker"}


def test_a_slice_holds_what_the_pace_lets_leave_within_a_second(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(100, running=True)
    claimed = claim(database, campaign_id)
    assert isinstance(claimed, Slice)
    slots = [departure.slot for departure in claimed.departures]
    assert len(slots) == 20
    gaps = {round(later - earlier, 6) for earlier, later in pairwise(slots)}
    assert gaps == {0.05}


def test_a_slice_holds_no_more_than_the_worker_can_take(
    database: Database, make_campaign: MakeCampaign
) -> None:
    claimed = claim(database, make_campaign(100, running=True), most=7)
    assert isinstance(claimed, Slice)
    assert len(claimed.departures) == 7


def test_a_slice_holds_no_more_than_a_batch(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(100, running=True, batch_size=5, batch_interval_ms=60_000)
    claimed = claim(database, campaign_id)
    assert isinstance(claimed, Slice)
    assert len(claimed.departures) == 5
    waits = claim(database, campaign_id)
    assert isinstance(waits, Wait)
    assert waits.until is not None
    assert waits.until > now_of(database) + timedelta(seconds=50)


def test_whose_time_has_not_come_waits_and_so_does_the_campaign(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(2, running=True)
    due = now_of(database) + timedelta(minutes=5)
    change_rows(database, campaign_id, next_attempt_at=due)
    assert claim(database, campaign_id) == Wait(due)
    assert {row.status for row in rows(database, campaign_id)} == {"pending"}


@pytest.mark.parametrize("action", ["pause", "cancel"])
def test_a_campaign_that_does_not_run_gives_nothing(
    database: Database, make_campaign: MakeCampaign, action: str
) -> None:
    campaign_id = make_campaign(2, running=True)
    with database.write() as session:
        getattr(actions, action)(session, campaign_id, Act("ana", database.now(session)))
    assert claim(database, campaign_id) == Wait(None)
    assert {row.last_attempt for row in rows(database, campaign_id)} == {0}


def test_a_campaign_that_another_worker_sends_gives_nothing(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(2, running=True)
    with database.write() as session:
        campaign_rows.update(session, campaign_id, worker="another")
    assert claim(database, campaign_id) == Wait(None)
    assert isinstance(claim(database, campaign_id, "another"), Slice)


def test_while_vonage_is_away_one_worker_is_to_ask_and_the_others_wait(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(2, running=True)
    with database.write() as session:
        past = database.now(session) - timedelta(seconds=1)
        session.add(Breaker(access=str(SENDER.access), failures=5, is_open=True, wait=1.0, probe_at=past))
    assert claim(database, campaign_id) == Probe()
    assert isinstance(claim(database, campaign_id), Wait)
    assert {row.status for row in rows(database, campaign_id)} == {"pending"}


def test_the_last_claim_ends_a_campaign_with_nobody_left(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(1, running=True)
    change_rows(database, campaign_id, status="skipped")
    with database.write() as session:
        campaign_rows.update(session, campaign_id, pending_count=0, skipped_count=1)
    assert claim(database, campaign_id) == Wait(None)
    with database.read() as session:
        assert campaign_rows.get(session, campaign_id).status == "completed"
