"""Asking Vonage's records by HTTP: queued at once, shown while it goes on, refused where it can't."""

from __future__ import annotations

from datetime import timedelta

import pytest

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Reconciliation
from outbound_campaigns.incoming import reconciliation
from outbound_campaigns.incoming.reconciliation import ReconciliationTerms
from outbound_campaigns.vonage.records import VonageRecords
from tests.support.lost import credentials
from tests.support.outcomes import ACCEPTED, LOST, end_with
from tests.support.simulator_process import RunningSimulator, running_simulator
from tests.support.site import BOT, CHANNEL, EDITOR, Site, body


@pytest.fixture
def in_doubt(site: Site) -> int:
    """A campaign with one row sent and one in doubt."""
    campaign_id = site.started()
    end_with(site.database, campaign_id, ACCEPTED, LOST)
    with site.database.write() as session:
        campaign_rows.update(session, campaign_id, account=CHANNEL["apiKey"])
    return campaign_id


def work(site: Site, simulator: RunningSimulator) -> None:
    """What an engine does each second."""
    terms = ReconciliationTerms(timedelta(0), timedelta(0))
    while (step := reconciliation.take(site.database)) is not None:
        vonage = VonageRecords(simulator.url, credentials())
        reconciliation.run_step(site.database, step, vonage, terms, lambda: False)


def test_a_pass_is_queued_followed_and_its_price_told(site: Site, in_doubt: int) -> None:
    site.data.write(
        f"bots/{BOT}/config/outbound-campaigns.json",
        {"senderNumber": "5215550001111", "reportRecordPrice": 0.0001},
    )
    answer = site.post(f"/campaigns/{in_doubt}/reconcile")
    assert answer.status_code == 202, answer.text
    queued = body(answer)
    assert (queued["status"], queued["rows"], queued["asked"], queued["records"]) == ("running", 1, 0, 0)
    assert answer.headers["Location"].endswith(f"/campaigns/{in_doubt}/reconciliations/{queued['id']}")
    with running_simulator() as simulator:
        work(site, simulator)
    done = body(site.get(f"/campaigns/{in_doubt}/reconciliations/{queued['id']}"))
    assert (done["status"], done["asked"], done["not_found"], done["price"]) == ("completed", 1, 1, 0.0)
    assert [
        one["id"] for one in body(site.get(f"/campaigns/{in_doubt}/reconciliations"))["reconciliations"]
    ] == [queued["id"]]
    report = body(site.get(f"/campaigns/{in_doubt}/report"))
    assert [(line["code"], line["count"]) for line in report["errors"]] == [("not_found_at_vonage", 1)]


def test_what_is_not_found_can_be_sent_again(site: Site, in_doubt: int) -> None:
    refused = site.post(f"/campaigns/{in_doubt}/resend-not-found")
    assert (refused.status_code, body(refused)["code"]) == (409, "nothing_not_found")
    site.post(f"/campaigns/{in_doubt}/reconcile")
    with running_simulator() as simulator:
        work(site, simulator)
    moved = site.post(f"/campaigns/{in_doubt}/resend-not-found")
    assert (moved.status_code, body(moved)["status"]) == (200, "running")
    events = body(site.get(f"/campaigns/{in_doubt}/events"))["events"]
    assert events[0]["code"] == "resend_not_found"
    assert "Vonage" in events[0]["why"]


def test_what_would_fail_at_once_is_refused_in_words(site: Site, in_doubt: int) -> None:
    assert body(site.post(f"/campaigns/{site.started()}/reconcile"))["code"] == "nothing_to_reconcile"
    with site.database.write() as session:
        campaign_rows.update(session, in_doubt, account="another0")
    changed = site.post(f"/campaigns/{in_doubt}/reconcile")
    assert (changed.status_code, body(changed)["code"]) == (409, "account_changed")
    message = body(changed)["message"]
    assert ("…her0" in message, "another0" in message) == (True, False)
    site.data.add_channel({**CHANNEL, "apiSecret": "", "applicationId": "a", "privateKey": "no key"})
    assert site.post(f"/campaigns/{in_doubt}/reconcile").status_code == 409


def test_a_second_one_waits_for_the_first(site: Site, in_doubt: int) -> None:
    assert site.post(f"/campaigns/{in_doubt}/reconcile", {"without_receipt": True}).status_code == 202
    refused = site.post(f"/campaigns/{in_doubt}/reconcile")
    assert (refused.status_code, body(refused)["code"]) == (409, "reconciliation_under_way")


def test_a_failed_pass_says_why_in_the_readers_language(site: Site, in_doubt: int) -> None:
    queued = body(site.post(f"/campaigns/{in_doubt}/reconcile"))
    with site.database.write() as session:
        row = session.get_one(Reconciliation, queued["id"])
        row.status, row.error = "failed", {"code": "reports_refused", "status": 403}
    place = f"/campaigns/{in_doubt}/reconciliations/{queued['id']}"
    spanish, english = (body(site.get(place, headers={"Accept-Language": one})) for one in ("es", "en"))
    assert "HTTP 403" in spanish["error"]["message"]
    assert "Reports API" in english["error"]["message"]


def test_who_may_only_read_can_not_spend_money_on_it(site: Site, in_doubt: int) -> None:
    assert site.post(f"/campaigns/{in_doubt}/reconcile", user=EDITOR).status_code == 403
    assert site.get(f"/campaigns/{in_doubt}/reconciliations", user=EDITOR).status_code == 200
    assert site.get(f"/campaigns/{in_doubt}/reconciliations/999").status_code == 404


@pytest.mark.parametrize("given", [{"without_receipt": "yes"}, {"all": True}, [1]])
def test_an_odd_body_is_refused(sqlite_site: Site, given: object) -> None:
    campaign_id = sqlite_site.started()
    assert sqlite_site.post(f"/campaigns/{campaign_id}/reconcile", given).status_code == 422
