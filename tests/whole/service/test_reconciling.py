"""Connections that break after Vonage took the message: by receipts, by records or by hand all ends right."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from outbound_campaigns.campaigns import recounting
from outbound_campaigns.database.models import Recipient
from tests.support.ports import free_port
from tests.support.receipt_bodies import API_KEY, SECRET
from tests.support.running import Running, running
from tests.support.site import BOT
from tests.support.tables import url_of

ACCOUNT = {"api_key": API_KEY, "api_secret": "s3cret-of-the-account", "signature_secret": SECRET}
PEOPLE = 400
FAULTS = {"reset_after_accept_share": 0.05, "reset_before_accept_share": 0.02}


@pytest.fixture(scope="module", params=["postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("reconciling")
    url = url_of(request, folder, "lasting_postgres_database")
    port = free_port()
    settings = {"OUTBOUND_PORT": str(port), "EXTERNAL_URL": f"http://127.0.0.1:{port}"}
    with running(folder, url, settings, accounts=[ACCOUNT]) as made:
        content = {"senderNumber": "5215550001111", "messagesPerSecond": 2000, "notFoundAfterMinutes": 0.001}
        made.installed.data.write(f"bots/{BOT}/config/outbound-campaigns.json", content)
        yield made


@pytest.fixture
def broken(lasting: Running) -> Running:
    """A service whose way to Vonage breaks now and then, before and after the message was taken."""
    lasting.installed.clear()
    set_receipts(lasting, on=False)
    return lasting


def set_receipts(service: Running, **settings: Any) -> None:
    url = f"{service.installed.simulator}/_simulator/receipts"
    requests.post(url, json=settings, timeout=10).raise_for_status()


def send(service: Running) -> tuple[int, set[str]]:
    """(campaign, client_refs that Vonage took of rows in doubt), some of them lost either way."""
    service.installed.set_faults(**FAULTS)
    campaign_id = service.draft(PEOPLE, batch_size=1000)
    service.move(campaign_id, "start")
    campaign = service.installed.wait_for_end(campaign_id)
    service.installed.set_faults(reset=True)
    assert campaign.in_doubt_count > 0
    return campaign_id, taken(service) & refs_in_doubt(service, campaign_id)


def taken(service: Running) -> set[str]:
    text = requests.get(f"{service.installed.simulator}/_simulator/ledger/accepted", timeout=30).text
    return {json.loads(line)["client_ref"] for line in text.splitlines()}


def refs_in_doubt(service: Running, campaign_id: int) -> set[str]:
    ref = service.installed.read(campaign_id).ref
    with service.installed.database.read() as session:
        query = sa.select(Recipient.id, Recipient.last_attempt).where(
            Recipient.campaign_id == campaign_id, Recipient.status == "in_doubt"
        )
        return {f"{ref}-{row.id}-{row.last_attempt}" for row in session.execute(query)}


def until(condition: Callable[[], Any], seconds: float = 60) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def reconcile(service: Running, campaign_id: int) -> dict[str, Any]:
    queued = service.ask("POST", f"/campaigns/{campaign_id}/reconcile").json()
    place = f"/campaigns/{campaign_id}/reconciliations/{queued['id']}"

    def ended() -> dict[str, Any] | None:
        shown: dict[str, Any] = service.ask("GET", place).json()
        return None if shown["status"] == "running" else shown

    done: dict[str, Any] = until(ended)
    assert done["status"] == "completed", done
    return done


def assert_kept(service: Running) -> None:
    service.installed.assert_nobody_twice()
    with service.installed.database.read() as session:
        assert recounting.recount(session) == []


def test_by_receipts_alone_what_was_taken_ends_and_the_rest_stays_in_doubt(broken: Running) -> None:
    set_receipts(broken, on=True, delay_min=1.0, delay_max=2.0, read_share=0)
    campaign_id, reached = send(broken)
    assert reached
    until(lambda: not taken(broken) & refs_in_doubt(broken, campaign_id))
    until(lambda: broken.installed.read(campaign_id).sent_count == 0)
    counts = broken.installed.read(campaign_id).counts
    assert counts["delivered"] == len(taken(broken))
    assert counts["in_doubt"] == PEOPLE - len(taken(broken))
    assert_kept(broken)


def test_by_records_alone_each_row_is_found_or_known_to_be_missing(broken: Running) -> None:
    campaign_id, reached = send(broken)
    assert reached
    done = reconcile(broken, campaign_id)
    until(lambda: broken.installed.read(campaign_id).in_doubt_count == done["not_found"])
    missing = PEOPLE - len(taken(broken))
    assert (done["found"], done["not_found"]) == (len(reached), missing)
    assert done["records"] == len(reached)
    assert not taken(broken) & refs_in_doubt(broken, campaign_id)
    assert missing
    broken.move(campaign_id, "resend-not-found")
    ended = broken.installed.wait_for_end(campaign_id)
    assert ended.counts["in_doubt"] == ended.counts["pending"] == ended.counts["failed"] == 0
    assert len(taken(broken)) == PEOPLE
    assert_kept(broken)


def test_by_hand_each_row_ends_as_the_operator_found_out(broken: Running) -> None:
    campaign_id, reached = send(broken)
    rows = broken.ask("GET", f"/campaigns/{campaign_id}/recipients?status=in_doubt&limit=500").json()
    # Without the attempt's number: a busy machine may have needed a second one.
    reached_rows = {int(ref.split("-")[1]) for ref in reached}
    for row in rows["recipients"]:
        verdict = "sent" if row["id"] in reached_rows else "not_sent"
        answer = broken.ask(
            "POST", f"/campaigns/{campaign_id}/recipients/{row['id']}/resolve", json={"as": verdict}
        )
        assert answer.status_code == 200, answer.text
    until(lambda: broken.installed.read(campaign_id).status == "completed")
    assert broken.installed.read(campaign_id).sent_count == PEOPLE
    assert len(taken(broken)) == PEOPLE
    assert_kept(broken)
