"""Who is alive, and which worker alone sends a campaign: kept by rows, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine import membership
from outbound_campaigns.engine.heartbeat import EXPIRES
from outbound_campaigns.engine.lease import EngineLease, embedded_engine_leads
from outbound_campaigns.engine.membership import LONGEST_IDLE, Membership, TakeResult
from tests.support.recipients import add_recipients


class Installation:
    """A database whose clock, and everybody's, is moved by hand; what was woken, and for when."""

    def __init__(self, database: Database) -> None:
        self.at = 1_000_000.0
        self.woken: list[tuple[int, datetime | None]] = []
        self.database = Database(database.engine, lambda: datetime.fromtimestamp(self.at, UTC), self._wake)

    def _wake(self, _session: Session, campaign_id: int, at: datetime | None) -> None:
        self.woken.append((campaign_id, at))

    def elapsed(self) -> float:
        return self.at

    def joined(self, name: str) -> Membership:
        joined = Membership(self.database, name, self.elapsed)
        joined.join()
        return joined

    def running(self) -> int:
        with self.database.write() as session:
            now = self.database.now(session)
            campaign_id = campaign_rows.create(session, NewCampaign("bot", "name", "promo"), now).id
            add_recipients(session, campaign_id, 2, now, campaign_id * 10)
            template = ResolvedTemplate("promo", "es_MX")
            actions.start(session, campaign_id, template, Act("operator", now))
            return campaign_id

    def holder(self, campaign_id: int) -> str | None:
        with self.database.read() as session:
            return campaign_rows.get(session, campaign_id).worker


@pytest.fixture
def world(database: Database) -> Installation:
    return Installation(database)


def test_a_campaign_that_starts_is_woken_in_the_same_transaction(world: Installation) -> None:
    campaign_id = world.running()
    assert world.woken == [(campaign_id, None)]


def test_one_worker_alone_has_a_campaign_until_it_lets_go(world: Installation) -> None:
    campaign_id = world.running()
    first, second = world.joined("first"), world.joined("second")
    assert first.take(campaign_id) is TakeResult.YES
    assert first.take(campaign_id) is TakeResult.YES
    assert second.take(campaign_id) is TakeResult.BY_ANOTHER
    until = datetime.fromtimestamp(world.at + 3, UTC)
    first.let_go(campaign_id, until)
    assert world.woken[-1] == (campaign_id, until)
    assert second.take(campaign_id) is TakeResult.YES


def test_a_campaign_is_looked_at_again_though_it_has_long_to_wait(world: Installation) -> None:
    campaign_id, first = world.running(), world.joined("first")
    first.take(campaign_id)
    first.let_go(campaign_id, datetime.fromtimestamp(world.at + 1800, UTC))
    assert world.woken[-1] == (campaign_id, datetime.fromtimestamp(world.at + LONGEST_IDLE, UTC))


def test_nobody_lets_go_of_what_another_has(world: Installation) -> None:
    campaign_id = world.running()
    first, second = world.joined("first"), world.joined("second")
    first.take(campaign_id)
    second.let_go(campaign_id, None)
    assert world.holder(campaign_id) == "first"


def test_a_campaign_that_does_not_run_is_nobodys(world: Installation) -> None:
    campaign_id = world.running()
    with world.database.write() as session:
        actions.pause(session, campaign_id, Act("operator", world.database.now(session)))
    assert world.joined("first").take(campaign_id) is TakeResult.NOT_RUNNING


def test_a_worker_takes_no_more_than_its_share(world: Installation) -> None:
    first, second = world.joined("first"), world.joined("second")
    ids = [world.running() for _ in range(4)]
    assert [first.take(id_) for id_ in ids[:3]] == [TakeResult.YES, TakeResult.TOO_MANY, TakeResult.TOO_MANY]
    assert world.woken[-1] == (ids[2], datetime.fromtimestamp(world.at + 0.2, UTC))
    assert [second.take(id_) for id_ in ids[1:3]] == [TakeResult.YES, TakeResult.YES]
    standing = first.renew()
    assert standing is not None
    assert (standing.share, standing.campaigns, standing.stopped) == (2, frozenset({ids[0]}), frozenset())


def test_what_others_should_have_taken_is_taken_by_who_has_enough(world: Installation) -> None:
    first, _idle = world.joined("first"), world.joined("idle")
    ids = [world.running() for _ in range(2)]
    assert [first.take(id_) for id_ in ids] == [TakeResult.YES, TakeResult.TOO_MANY]
    world.at += 3
    assert first.take(ids[1]) is TakeResult.YES


def test_a_worker_hears_which_of_its_campaigns_do_not_run_any_more(world: Installation) -> None:
    campaign_id, first = world.running(), world.joined("first")
    first.take(campaign_id)
    with world.database.write() as session:
        actions.pause(session, campaign_id, Act("operator", world.database.now(session)))
    standing = first.renew()
    assert standing is not None
    assert (standing.campaigns, standing.stopped) == (frozenset(), frozenset({campaign_id}))


@pytest.mark.parametrize("seconds", [EXPIRES + 0.1, -3600.0], ids=["too late", "a clock set back"])
def test_a_worker_that_expired_never_comes_back_under_its_name(world: Installation, seconds: float) -> None:
    campaign_id, first = world.running(), world.joined("first")
    world.at += seconds
    assert first.take(campaign_id) is TakeResult.NO_MEMBER
    assert first.renew() is None
    assert not first.is_valid()
    assert membership.the_dead(world.database) == ["first"]


def test_a_worker_lives_as_long_as_it_renews(world: Installation) -> None:
    first = world.joined("first")
    for _ in range(5):
        world.at += EXPIRES - 0.1
        assert first.renew() is not None
        assert first.is_valid()
    assert membership.the_dead(world.database) == []


def test_the_campaigns_of_the_dead_go_on_elsewhere(world: Installation) -> None:
    campaign_id = world.running()
    world.joined("first").take(campaign_id)
    world.at += EXPIRES
    second = world.joined("second")
    assert second.take(campaign_id) is TakeResult.BY_ANOTHER
    membership.remove(world.database, membership.the_dead(world.database))
    assert world.woken[-1] == (campaign_id, world.database.read_clock())
    assert second.take(campaign_id) is TakeResult.YES


def test_what_somebody_holds_of_whom_nothing_is_known_goes_on_too(world: Installation) -> None:
    campaign_id = world.running()
    with world.database.write() as session:
        campaign_rows.get(session, campaign_id, lock=True).worker = "stranger"
    assert membership.the_dead(world.database) == ["stranger"]


def leader(world: Installation, name: str) -> Callable[[], bool]:
    return EngineLease(world.database, name, world.elapsed).acquire


def test_an_embedded_engine_stands_by_while_workers_live(world: Installation) -> None:
    world.joined("worker")
    assert not leader(world, "embedded")()
    assert leader(world, "worker")()
    assert not embedded_engine_leads(world.database)
    world.at += EXPIRES + timedelta(seconds=1).total_seconds()
    assert leader(world, "embedded")()
    assert embedded_engine_leads(world.database)
