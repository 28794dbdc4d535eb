"""Who takes over sends again what the last worker's mark kept from leaving, and doubts only the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot_config.prices import PriceTable
from outbound_campaigns.database.models import Attempt, DepartureMark, Instance, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.sending import departure_marks
from outbound_campaigns.sending.abandoned import abandon_of, abandon_others, doubt_all
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.departure_marks import Mark, MarkClosed
from outbound_campaigns.sending.record import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Slice
from tests.support.campaigns import MakeCampaign, make_campaign, read
from tests.support.senders import OneSender

__all__ = ["make_campaign"]

PRICE = 30_500
SENDER = OneSender(prices=PriceTable("USD", {"MX": {"marketing": PRICE}})).sender("bot", None)


def claim(
    database: Database, campaign_id: int, worker: str = "dead", most: int = 5, leaving: int = 2
) -> Slice:
    claimant = Claimant(worker, most, lambda: 0.0, leaving=leaving)
    claimed = claim_slice(database, campaign_id, SENDER, claimant)
    assert isinstance(claimed, Slice)
    return claimed


def move(database: Database, until: float, worker: str = "dead", is_new: bool = False) -> bool:
    with database.write() as session:
        return departure_marks.move(session, Mark(worker, until, is_new))


def statuses(database: Database, campaign_id: int) -> list[str]:
    with database.read() as session:
        query = sa.select(Recipient.status).where(Recipient.campaign_id == campaign_id)
        return list(session.execute(query.order_by(Recipient.id)).scalars())


def marks(database: Database) -> Sequence[Any]:
    with database.read() as session:
        return session.execute(sa.select(DepartureMark.worker, DepartureMark.until)).all()


def attempts(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as session:
        query = sa.select(Attempt.number, Attempt.outcome, Attempt.code, Attempt.charge)
        return [tuple(row) for row in session.execute(query.order_by(Attempt.recipient_id, Attempt.number))]


def test_only_what_may_have_left_is_in_doubt(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(6, running=True)
    claim(database, campaign_id)
    assert abandon_others(database, "alive") == 5
    assert statuses(database, campaign_id) == ["in_doubt"] * 2 + ["pending"] * 4
    counts = read(database, campaign_id).counts
    assert (counts["in_doubt"], counts["sending"], counts["pending"]) == (2, 0, 4)
    lost, not_begun = (1, "in_doubt", "worker_lost", "possible"), (1, "not_begun", None, "released")
    assert attempts(database) == [lost] * 2 + [not_begun] * 3
    assert marks(database) == []


def test_what_had_not_left_costs_nothing_and_leaves_its_place_in_the_batch(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(5, running=True, batch_size=5, batch_interval_ms=60_000)
    claim(database, campaign_id)
    abandon_of(database, ["dead"])
    campaign = read(database, campaign_id)
    assert (campaign.spend_possible, campaign.spend_committed) == (2 * PRICE, 0)
    # Two count as sent when they were claimed, and again when they were given up.
    assert len(claim(database, campaign_id, "alive").departures) == 1


def test_a_member_of_the_canary_stays_one(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(8, running=True, canary_size=4)
    members = [departure.recipient_id for departure in claim(database, campaign_id, most=4).departures]
    abandon_others(database, "alive")
    again = [departure.recipient_id for departure in claim(database, campaign_id, "alive").departures]
    assert again == members[2:]
    assert read(database, campaign_id).canary_members == members


def test_a_mark_covers_what_is_claimed_later_once_it_has_been_moved(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(6, running=True)
    slots = [departure.slot for departure in claim(database, campaign_id).departures]
    assert move(database, slots[3])
    assert move(database, slots[1]), "an earlier one, which comes late, takes nothing back"
    abandon_others(database, "alive")
    assert statuses(database, campaign_id) == ["in_doubt"] * 4 + ["pending"] * 2


def test_whose_mark_is_closed_claims_and_moves_nothing_but_records_what_it_sent(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(8, running=True)
    first = claim(database, campaign_id).departures[0]
    with database.write() as session:
        departure_marks.close(session, sa.true(), database.now(session))
    assert not move(database, first.slot)
    assert not move(database, first.slot, is_new=True)
    claimant = Claimant("dead", 5, lambda: 0.0)
    with pytest.raises(MarkClosed):
        claim_slice(database, campaign_id, SENDER, claimant)
    assert statuses(database, campaign_id) == ["sending"] * 5 + ["pending"] * 3
    accepted = Outcome(OutcomeKind.ACCEPTED, message_uuid="uuid-1")
    times = (first.slot, accepted, first.slot, first.slot)
    result = Result(campaign_id, SENDER, first.recipient_id, first.number, *times)
    assert not record(database, [result], Mark("dead", first.slot + 1, is_new=False)).is_marked
    assert statuses(database, campaign_id)[0] == "sent"


def test_who_takes_over_after_a_take_over_was_cut_off_still_knows_the_mark(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(6, running=True)
    claim(database, campaign_id)
    with database.write() as session:
        departure_marks.close(session, DepartureMark.worker == "dead", database.now(session))
    abandon_others(database, "third")
    assert statuses(database, campaign_id) == ["in_doubt"] * 2 + ["pending"] * 4


def test_rows_without_a_mark_or_a_slot_are_in_doubt(database: Database, make_campaign: MakeCampaign) -> None:
    """As a version before marks has claimed them."""
    campaign_id = make_campaign(6, running=True)
    claim(database, campaign_id, "without mark", most=2, leaving=0)
    with database.write() as session:
        session.execute(sa.delete(DepartureMark))
    claim(database, campaign_id, "without slots", most=2, leaving=0)
    with database.write() as session:
        session.execute(sa.update(Attempt).values(slot=None))
    claim(database, campaign_id, "with both", most=2, leaving=0)
    abandon_others(database, "alive")
    assert statuses(database, campaign_id) == ["in_doubt"] * 4 + ["pending"] * 2


def test_in_a_restored_copy_all_is_in_doubt_since_its_mark_may_be_old(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(6, running=True)
    claim(database, campaign_id)
    assert doubt_all(database) == 5
    assert statuses(database, campaign_id) == ["in_doubt"] * 5 + ["pending"]


def test_after_a_failover_all_is_in_doubt_though_nobody_has_noticed_it_yet(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(6, running=True)
    claim(database, campaign_id)
    with database.write() as session:
        held = {"inode": 0} if database.is_sqlite else {"timeline": 1000}
        session.execute(sa.update(Instance).values(**held))
    abandon_others(database, "alive")
    assert statuses(database, campaign_id) == ["in_doubt"] * 5 + ["pending"]


def test_the_next_claim_sends_what_came_back_under_a_new_attempt(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(4, running=True)
    sender = replace(SENDER, messages_per_second=1000.0)
    claim_slice(database, campaign_id, sender, Claimant("dead", 4, lambda: 0.0, leaving=1))
    abandon_others(database, "alive")
    again = claim_slice(database, campaign_id, sender, Claimant("alive", 4, lambda: 0.0))
    assert isinstance(again, Slice)
    assert [departure.number for departure in again.departures] == [2, 2, 2]
