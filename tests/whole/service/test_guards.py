"""A whole service stops what goes wrong, by receipts that are posted for real, also when it is killed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from outbound_campaigns.campaigns import canary, recounting
from outbound_campaigns.campaigns.canary import CanaryState
from outbound_campaigns.database.models import Campaign
from tests.support.running import Running, running_within_reach
from tests.support.tables import url_of

QUICK = {"on": True, "delay_min": 0.01, "delay_max": 0.1, "doubled_share": 0.3, "shuffled_share": 0.3}
PEOPLE = 600


@pytest.fixture(scope="module", params=["postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("guards")
    with running_within_reach(folder, url_of(request, folder, "lasting_postgres_database"), QUICK) as made:
        yield made


@pytest.fixture
def reached(lasting: Running) -> Running:
    """A service whose public address the simulator can reach, with receipts that tell of arrivals."""
    lasting.installed.clear()
    receipts(lasting, on=True, failed_share=0.0)
    return lasting


def receipts(service: Running, **settings: Any) -> None:
    url = f"{service.installed.simulator}/_simulator/receipts"
    requests.post(url, json=settings, timeout=10).raise_for_status()


def started(service: Running, **fields: Any) -> int:
    campaign_id = service.draft(PEOPLE, **fields)
    service.move(campaign_id, "start")
    return campaign_id


def assert_adds_up(service: Running) -> None:
    with service.installed.database.read() as session:
        assert recounting.recount(session) == []
    service.installed.assert_nobody_twice()


def is_waiting(campaign: Campaign) -> bool:
    return canary.state(campaign) is CanaryState.WAITING


def kill_the_engine(service: Running) -> None:
    """-9; `serve` starts another."""
    family = service.family()
    (engine,) = (member for member in family if "outbound_campaigns.engine" in " ".join(member.cmdline()))
    engine.kill()


def test_a_list_whose_messages_fail_is_stopped_before_its_end_with_the_evidence(reached: Running) -> None:
    receipts(reached, failed_share=0.9)
    campaign_id = started(reached, batch_size=50)
    campaign = reached.installed.wait_for_end(campaign_id)
    assert (campaign.status, campaign.pending_count > 0) == ("paused", True)
    shown = reached.ask("GET", f"/campaigns/{campaign_id}", headers={"Accept-Language": "en"}).json()
    assert shown["status_reason"]["code"] == "failure_share"
    assert "failed: more than the 50 % that the campaign allows" in shown["status_reason"]["reason"]
    receipts(reached, failed_share=0.0)
    reached.installed.wait(campaign_id, lambda campaign: campaign.sending_count == 0)
    reached.move(campaign_id, "resume")
    assert reached.installed.wait_for_end(campaign_id).status == "completed"
    assert_adds_up(reached)


def test_a_list_of_which_some_fail_goes_out_whole(reached: Running) -> None:
    receipts(reached, failed_share=0.2)
    campaign_id = started(reached, batch_size=200)
    assert reached.installed.wait_for_end(campaign_id).status == "completed"
    assert_adds_up(reached)


def test_a_canary_that_arrives_is_followed_by_the_others(reached: Running) -> None:
    campaign_id = started(reached, batch_size=1000, canary_size=20)
    campaign = reached.installed.wait_for_end(campaign_id)
    assert campaign.status == "completed"
    assert campaign.canary_verdict == {"state": "passed", "delivered": 20, "failed": 0, "unanswered": 0}
    assert_adds_up(reached)


def test_a_canary_that_fails_reaches_nobody_else(reached: Running) -> None:
    receipts(reached, failed_share=1.0)
    campaign_id = started(reached, batch_size=1000, canary_size=20)
    campaign = reached.installed.wait_for_end(campaign_id)
    assert (campaign.status, campaign.failed_count, campaign.pending_count) == ("paused", 20, PEOPLE - 20)
    assert len(reached.installed.accepted()) == 20
    receipts(reached, failed_share=0.0)
    assert reached.move(campaign_id, "resume")["canary"]["state"] == "passed"
    assert reached.installed.wait_for_end(campaign_id).status == "completed"
    assert_adds_up(reached)


def test_a_canary_outlives_its_engine(reached: Running) -> None:
    receipts(reached, on=False)
    campaign_id = started(reached, batch_size=1000, canary_size=20)
    reached.installed.wait(campaign_id, is_waiting)
    led = leaders(reached)
    kill_the_engine(reached)
    # Its answers were stored: nobody is in doubt, and the next engine lets nobody else out.
    reached.installed.wait(campaign_id, lambda _: leaders(reached) > led and is_running(reached))
    assert len(reached.installed.accepted()) == 20
    shown = reached.ask("GET", f"/campaigns/{campaign_id}").json()
    assert (shown["status"], shown["canary"]["state"]) == ("running", "waiting")
    assert shown["canary"]["unanswered"] == 20
    reached.move(campaign_id, "cancel")
    assert_adds_up(reached)


def test_an_engine_killed_while_the_canary_leaves_lets_out_no_more_than_that(reached: Running) -> None:
    receipts(reached, on=False)
    campaign_id = started(reached, batch_size=5, canary_size=20)
    reached.installed.wait(campaign_id, lambda campaign: campaign.counts["pending"] <= PEOPLE - 5)
    kill_the_engine(reached)
    campaign = reached.installed.wait(campaign_id, is_waiting)
    assert campaign.pending_count == PEOPLE - 20
    # What was claimed may not have left when it died: one second of messages, which two batches may share.
    assert 20 - 2 * 5 <= len(reached.installed.accepted()) <= 20
    assert campaign.sent_count + campaign.in_doubt_count == 20
    assert_adds_up(reached)


def leaders(service: Running) -> int:
    """How many engines have led so far."""
    return service.log().count(" leads")


def is_running(service: Running) -> bool:
    return bool(service.ask("GET", "/status").json()["engine"]["running"])
