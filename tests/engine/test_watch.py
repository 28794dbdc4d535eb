"""What the engine does by itself: due starts, missed starts, claims of lost workers, the lease."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot_config.problems import Problem, SourceUnavailable
from bot_config.words import Words
from outbound_campaigns.audience.judging.anew import judge_some
from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Attempt, Campaign, Lease, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.configuration import (
    ConfigurationMissing,
    TemplateNotFound,
    TemplatesUnavailable,
)
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.lease import EngineLease, engine_alive
from outbound_campaigns.engine.watch import Watch
from outbound_campaigns.sending.abandoned import abandon_expired, abandon_others
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.slice import Slice
from tests.support.campaigns import GRACE, TEMPLATE, MakeCampaign, look
from tests.support.senders import OneSender


def schedule(database: Database, campaign_id: int, seconds_ago: float) -> None:
    with database.write() as session:
        now = database.now(session)
        at = now - timedelta(seconds=seconds_ago)
        actions.schedule(session, campaign_id, at, Act("ana", now))


def read(database: Database, campaign_id: int) -> Campaign:
    with database.read() as session:
        return campaign_rows.get(session, campaign_id)


def claim(database: Database, campaign_id: int, worker: str, most: int = 10) -> Slice:
    claimed = claim_slice(
        database, campaign_id, OneSender().sender("bot", None), Claimant(worker, most, lambda: 0.0)
    )
    assert isinstance(claimed, Slice)
    return claimed


def test_a_due_campaign_is_started(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign()
    schedule(database, campaign_id, seconds_ago=1)
    assert look(database) == [campaign_id]
    assert read(database, campaign_id).template_name == TEMPLATE.name


def test_a_campaign_is_not_started_before_its_time(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign()
    schedule(database, campaign_id, seconds_ago=-60)
    assert look(database) == []
    assert read(database, campaign_id).status == "scheduled"


def test_a_start_missed_by_more_than_the_grace_is_paused(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign()
    schedule(database, campaign_id, seconds_ago=GRACE + 1)
    assert look(database) == []
    campaign = read(database, campaign_id)
    assert (campaign.status, campaign.status_reason) == ("paused", {"code": "start_missed"})


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (ConfigurationMissing(problems_es="falta apiKey", problems_en="apiKey is missing"), "failed"),
        (TemplateNotFound(template_id="123"), "paused"),
        (TemplatesUnavailable(reason="HTTP 503"), "scheduled"),
    ],
)
def test_a_start_that_is_refused_says_why_or_waits(
    database: Database, make_campaign: MakeCampaign, refusal: Any, status: str
) -> None:
    campaign_id = make_campaign()
    schedule(database, campaign_id, seconds_ago=1)
    look(database, refusal)
    campaign = read(database, campaign_id)
    assert campaign.status == status
    assert (campaign.status_reason is None) == (status == "scheduled")


@pytest.mark.parametrize("refusal", [None, TemplateNotFound(template_id="promo")])
def test_a_campaign_that_was_changed_during_its_lookup_is_looked_up_again(
    database: Database, make_campaign: MakeCampaign, refusal: Exception | None
) -> None:
    campaign_id = make_campaign()
    schedule(database, campaign_id, seconds_ago=1)

    def slow(_campaign: Campaign) -> ResolvedTemplate:
        with database.write() as session:
            campaign_rows.update(session, campaign_id, template_id="other")
        if refusal is not None:
            raise refusal
        return TEMPLATE

    Watch(database, slow, 35.0, GRACE).start_due()
    assert read(database, campaign_id).status == "scheduled"
    look(database)
    assert read(database, campaign_id).status == "running"


def test_a_campaign_whose_files_can_not_be_asked_holds_up_no_other(
    database: Database, make_campaign: MakeCampaign
) -> None:
    running, scheduled = make_campaign(running=True), make_campaign()
    schedule(database, scheduled, seconds_ago=1)
    assert look(database, SourceUnavailable(Problem(Words("es", "en"), code="source"))) == [running]
    assert read(database, scheduled).status == "scheduled"


def test_rows_follow_their_cancelled_campaign(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(3, running=True)
    with database.write() as session:
        actions.cancel(session, campaign_id, Act("ana", database.now(session)))
    look(database)
    assert read(database, campaign_id).counts["cancelled"] == 3


def test_who_takes_over_puts_its_predecessors_claims_in_doubt(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(5, running=True)
    claim(database, campaign_id, "dead", most=3)
    assert abandon_others(database, "alive") == 3
    assert abandon_others(database, "alive") == 0
    counts = read(database, campaign_id).counts
    assert (counts["in_doubt"], counts["sending"], counts["pending"]) == (3, 0, 2)
    with database.read() as session:
        outcomes = session.execute(sa.select(Attempt.outcome, Attempt.code)).all()
    assert {tuple(row) for row in outcomes} == {("in_doubt", "worker_lost")}


def test_a_claim_is_given_up_only_after_its_time_and_the_requests(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(2, running=True)
    claim(database, campaign_id, "slow")
    assert abandon_expired(database, request_timeout=35.0) == 0
    long_ago = database.read_clock() - timedelta(seconds=36)
    with database.write() as session:
        session.execute(sa.update(Recipient).values(claimed_until=long_ago))
    assert abandon_expired(database, request_timeout=35.0) == 2


def test_rows_given_up_count_as_sent_now(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(8, running=True, batch_size=4, batch_interval_ms=60_000)
    claim(database, campaign_id, "dead")
    abandon_others(database, "alive")
    waits = claim_slice(
        database, campaign_id, OneSender().sender("bot", None), Claimant("alive", 10, lambda: 0.0)
    )
    assert not isinstance(waits, Slice)
    assert read(database, campaign_id).next_batch_at is not None


def test_one_process_holds_the_lease_until_it_expires(database: Database) -> None:
    first, second = (EngineLease(database, name, lambda: 0.0) for name in ("first", "second"))
    assert (first.acquire(), second.acquire(), first.acquire()) == (True, False, True)
    assert engine_alive(database)
    expire(database)
    assert not engine_alive(database)
    assert (second.acquire(), first.acquire()) == (True, False)


def test_a_released_lease_is_free_at_once(database: Database) -> None:
    first, second = (EngineLease(database, name, lambda: 0.0) for name in ("first", "second"))
    first.acquire()
    first.release()
    assert not first.is_valid()
    assert second.acquire()


def test_a_lease_from_before_the_clock_was_set_back_holds_nobody_up(database: Database) -> None:
    first, second = (EngineLease(database, name, lambda: 0.0) for name in ("first", "second"))
    first.acquire()
    with database.write() as session:
        session.execute(sa.update(Lease).values(expires_at=database.now(session) + timedelta(hours=1)))
    assert second.acquire()


def expire(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.update(Lease).values(expires_at=database.now(session) - timedelta(seconds=1)))


def test_who_finds_the_lease_taken_sends_nothing_more(database: Database) -> None:
    first = EngineLease(database, "first", lambda: 0.0)
    assert first.acquire()
    with database.write() as session:
        session.execute(sa.update(Lease).values(holder="second"))
    assert not first.acquire()
    assert not first.is_valid()


@pytest.mark.parametrize("refused", [False, True])
def test_what_an_operator_did_while_the_template_was_looked_up_stands(
    database: Database, make_campaign: MakeCampaign, refused: bool
) -> None:
    campaign_id = make_campaign()
    schedule(database, campaign_id, seconds_ago=1)

    def prepare(_campaign: Campaign) -> ResolvedTemplate:
        with database.write() as session:
            actions.start(session, campaign_id, TEMPLATE, Act("ana", database.now(session)))
        if refused:
            raise TemplateNotFound(template_id="123")
        return TEMPLATE

    Watch(database, prepare, 35.0, GRACE).start_due()
    campaign = read(database, campaign_id)
    assert (campaign.status, campaign.status_reason) == ("running", None)


def test_a_due_campaign_waits_until_its_rows_are_judged(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign()
    schedule(database, campaign_id, seconds_ago=1)
    with database.write() as session:
        campaign_rows.update(session, campaign_id, judged_by="as before", judging_after=0)
    watch = Watch(database, lambda _: TEMPLATE, 35.0, GRACE)
    watch.start_due()
    assert read(database, campaign_id).status == "scheduled"
    while judge_some(database, campaign_id):
        pass
    watch.start_due()
    assert read(database, campaign_id).status == "running"
