"""Who has opted out is sent to no more, whatever else happens at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import actions, bulk_moves, campaign_rows, opt_outs, recounting
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import Attempt, Campaign, OptOut, OptOutSource, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.phone_numbers import PhoneNumber
from outbound_campaigns.domain.refusals.request import OptOutNotFound
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.slice import Slice, Wait
from tests.support.campaigns import MakeCampaign
from tests.support.recipients import add_recipients
from tests.support.senders import OneSender

BY_ANA = Reason(OptOutSource.API, who="ana@example.com")


def person(n: int) -> PhoneNumber:
    """As those of add_recipients."""
    return PhoneNumber(f"+521442{n:07d}", f"52442{n:07d}")


def opt_out(database: Database, *people: PhoneNumber, bot: str = "bot") -> int:
    with database.write() as session:
        return opt_outs.add(session, bot, people, BY_ANA, database.now(session))


def claim(database: Database, campaign_id: int, most: int = 100) -> Slice | Wait:
    sender = OneSender(10_000).sender("bot", None)
    claimed = claim_slice(database, campaign_id, sender, Claimant("worker", most, lambda: 0.0))
    assert isinstance(claimed, Slice | Wait)
    return claimed


def statuses(database: Database, campaign_id: int) -> list[tuple[str, str | None]]:
    with database.read() as session:
        query = sa.select(Recipient.status, Recipient.error_code).order_by(Recipient.id)
        rows = session.execute(query.where(Recipient.campaign_id == campaign_id))
        return [(row[0], row[1]) for row in rows]


def campaign(database: Database, campaign_id: int) -> Campaign:
    with database.read() as session:
        return campaign_rows.get(session, campaign_id)


def assert_adds_up(database: Database) -> None:
    with database.read() as session:
        assert recounting.recount(session) == []


SKIPPED, PENDING = ("skipped", "opted_out"), ("pending", None)


def test_an_opt_out_skips_the_person_in_all_campaigns_of_the_bot_and_in_no_other(
    database: Database, make_campaign: MakeCampaign
) -> None:
    draft, running = make_campaign(3), make_campaign(3, running=True)
    others = make_campaign(3)
    with database.write() as session:
        campaign_rows.update(session, others, bot_id="other")
    assert opt_out(database, person(1)) == 1
    assert statuses(database, draft) == statuses(database, running) == [PENDING, SKIPPED, PENDING]
    assert statuses(database, others) == [PENDING] * 3
    assert campaign(database, running).counts["skipped"] == 1
    assert_adds_up(database)


def test_a_person_is_opted_out_once_whichever_variant_of_the_number_is_given(database: Database) -> None:
    first = PhoneNumber("+5214422591631", "524422591631")
    second = PhoneNumber("+524422591631", "524422591631")
    assert opt_out(database, first, second) == 1
    assert opt_out(database, second) == 0
    assert opt_out(database) == 0
    with database.read() as session:
        kept = session.execute(sa.select(OptOut)).scalar_one()
    assert (kept.phone_number, kept.source, kept.who) == (first.e164, "api", "ana@example.com")


def test_a_campaign_whose_last_pending_person_opts_out_is_completed(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(1, running=True)
    opt_out(database, person(0))
    assert campaign(database, campaign_id).status == "completed"


def test_an_opt_out_outlives_its_campaigns_until_it_is_taken_back(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(1)
    opt_out(database, person(0), person(5))
    with database.write() as session:
        campaign_rows.update(session, campaign_id, deleted_at=database.now(session))
    while True:
        with database.write() as session:
            if not bulk_moves.purge_some(session, campaign_id, database.now(session), 10):
                break
    with database.write() as session:
        assert opt_outs.among(session, "bot", {person(0).key, person(1).key}) == {person(0).key}
        kept = session.execute(sa.select(OptOut.id).where(OptOut.phone_key == person(0).key)).scalar_one()
        opt_outs.take_back(session, "bot", kept)
        opt_outs.take_back_number(session, "bot", person(5))
        assert opt_outs.among(session, "bot", {person(0).key, person(5).key}) == set()
        with pytest.raises(OptOutNotFound):
            opt_outs.take_back(session, "bot", kept)
        with pytest.raises(OptOutNotFound):
            opt_outs.take_back_number(session, "other", person(5))


def test_a_row_that_comes_back_to_pending_is_skipped_at_its_turn(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(3, running=True)
    with database.write() as session:
        now = database.now(session)
        failed = sa.update(Recipient).where(Recipient.campaign_id == campaign_id)
        session.execute(failed.values(status="failed", failed_at=now, error_code="1180"))
        recounting.mend(session, recounting.recount(session))
        actions.pause(session, campaign_id, Act("ana", now))
    opt_out(database, person(1))
    with database.write() as session:
        now = database.now(session)
        actions.retry_failed(session, campaign_id, Act("ana", now))
        bulk_moves.retry_some(session, campaign_id, now, 500)
        bulk_moves.retry_some(session, campaign_id, now, 500)
        actions.resume(session, campaign_id, Act("ana", now))
    claimed = claim(database, campaign_id)
    assert isinstance(claimed, Slice)
    assert [d.phone_number for d in claimed.departures] == [person(0).e164, person(2).e164]
    assert statuses(database, campaign_id)[1] == SKIPPED
    with database.read() as session:
        row = session.execute(sa.select(Recipient).where(Recipient.phone_key == person(1).key)).scalar_one()
        assert (row.last_attempt, row.claimed_by, row.claimed_until) == (0, None, None)
        assert session.execute(sa.select(sa.func.count()).select_from(Attempt)).scalar_one() == 2
    assert_adds_up(database)


def put_on_the_list(database: Database, *people: PhoneNumber) -> None:
    """As one whose rows turned pending a moment after the list was written."""
    with database.write() as session:
        now = database.now(session)
        for one in people:
            session.add(
                OptOut(bot_id="bot", phone_key=one.key, phone_number=one.e164, source="api", created_at=now)
            )


def test_a_claim_that_meets_nobody_else_ends_the_campaign(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(4, running=True, batch_size=2)
    put_on_the_list(database, *map(person, range(4)))
    for _ in range(2):
        assert isinstance(claim(database, campaign_id), Wait)
    assert statuses(database, campaign_id) == [SKIPPED] * 4
    assert campaign(database, campaign_id).status == "completed"
    assert_adds_up(database)


class Held(Database):
    """A database whose transactions wait before they commit until they are let go."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self._turns = database._turns
        self.ready, self.go = threading.Event(), threading.Event()

    @contextmanager
    def write(self) -> Iterator[Session]:
        with super().write() as session:
            yield session
            session.flush()
            self.ready.set()
            assert self.go.wait(30)


@contextmanager
def in_a_thread(work: Callable[[], object]) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=work)
    thread.start()
    yield thread
    thread.join(30)
    assert not thread.is_alive()


def assert_waits(thread: threading.Thread) -> None:
    thread.join(0.3)
    assert thread.is_alive()


def test_a_claim_that_comes_during_an_opt_out_waits_and_leaves_the_person_out(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(3, running=True)
    held = Held(database)
    with in_a_thread(lambda: opt_out(held, person(1))):
        assert held.ready.wait(30)
        with in_a_thread(lambda: claim(database, campaign_id)) as claiming:
            assert_waits(claiming)
            held.go.set()
    assert [status for status, _ in statuses(database, campaign_id)] == ["sending", "skipped", "sending"]
    assert_adds_up(database)


def test_an_opt_out_that_comes_during_a_claim_is_committed_after_it(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id, later = make_campaign(3, running=True), make_campaign(3)
    held = Held(database)
    with in_a_thread(lambda: claim(held, campaign_id)):
        assert held.ready.wait(30)
        with in_a_thread(lambda: opt_out(database, person(1))) as opting_out:
            assert_waits(opting_out)
            held.go.set()
    assert [status for status, _ in statuses(database, campaign_id)] == ["sending"] * 3
    assert statuses(database, later) == [PENDING, SKIPPED, PENDING]
    assert_adds_up(database)


def test_a_claim_of_rows_that_came_during_an_opt_out_waits_for_it_too(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(0)
    held = Held(database)

    def add_and_claim() -> None:
        with database.write() as session:
            now = database.now(session)
            add_recipients(session, campaign_id, 3, now)
            campaign_rows.update(session, campaign_id, status="running", next_batch_at=now)
        claim(database, campaign_id)

    with in_a_thread(lambda: opt_out(held, person(1))):
        assert held.ready.wait(30)
        with in_a_thread(add_and_claim) as claiming:
            assert_waits(claiming)
            held.go.set()
    assert [status for status, _ in statuses(database, campaign_id)] == ["sending", "skipped", "sending"]


def test_nobody_is_claimed_after_their_opt_out_however_they_overlap(
    database: Database, make_campaign: MakeCampaign
) -> None:
    people, sent_by = 120, [make_campaign(120, running=True, batch_size=10_000) for _ in range(2)]
    start, chance = threading.Barrier(4), Random(7)
    order = chance.sample(range(people), people)
    seen: dict[str, list[tuple[int, int]]] = {}

    def attempts(key: str) -> list[tuple[int, int]]:
        with database.read() as session:
            query = sa.select(Recipient.id, Recipient.last_attempt).where(Recipient.phone_key == key)
            return [(row[0], row[1]) for row in session.execute(query.order_by(Recipient.id))]

    def claim_all(campaign_id: int) -> None:
        start.wait(30)
        while campaign(database, campaign_id).pending_count:
            claim(database, campaign_id, most=5)

    def opt_some_out(places: list[int]) -> None:
        start.wait(30)
        for n in places:
            opt_out(database, person(n), person((n + 1) % people))
            seen[person(n).key] = attempts(person(n).key)

    works = [
        lambda: claim_all(sent_by[0]),
        lambda: claim_all(sent_by[1]),
        lambda: opt_some_out(order[:40]),
        lambda: opt_some_out(order[40:80]),
    ]
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert len(seen) == 80
    assert {key: attempts(key) for key in seen} == seen
    assert_adds_up(database)
