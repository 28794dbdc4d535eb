"""Guards over the API: a canary needs receipts, and shows what it waits for; a template is checked first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from outbound_campaigns.incoming import receipts
from outbound_campaigns.sending.claims import Claimant, claim_slice
from tests.support.outcomes import ACCEPTED, end_with
from tests.support.receipt_bodies import failed, v1
from tests.support.senders import OneSender
from tests.support.simulator_examples import account
from tests.support.simulator_process import running_simulator
from tests.support.site import Site, body, site_in
from tests.support.tables import sqlite_with_tables
from vonage_simulator import Account, SimulatorConfig, Waba

SIX = "phone_number\n" + "".join(f"55{number}\n" for number in range(12345000, 12345006))


@pytest.fixture
def reached(tmp_path: Path) -> Iterator[Site]:
    """A site that Vonage can post receipts to."""
    with site_in(tmp_path, sqlite_with_tables(tmp_path), external_url="https://example.com") as made:
        yield made


def shown(site: Site, campaign_id: int) -> dict[str, Any]:
    return body(site.get(f"/campaigns/{campaign_id}"))


def test_a_canary_without_receipts_is_refused_with_what_to_do(site: Site) -> None:
    campaign_id = site.filled(SIX, canary_size=2)
    for language, part in (("es", "Defina EXTERNAL_URL"), ("en", "Set the service's EXTERNAL_URL")):
        answer = site.post(f"/campaigns/{campaign_id}/start", headers={"Accept-Language": language})
        said = body(answer)
        assert (answer.status_code, said["code"]) == (409, "canary_needs_receipts")
        assert part in said["message"]
        assert "signatureSecret" in said["message"]
    assert shown(site, campaign_id)["status"] == "draft"
    assert body(site.put(f"/campaigns/{campaign_id}", {"canary_size": None}))["canary_size"] is None
    assert site.post(f"/campaigns/{campaign_id}/start").status_code == 200


def test_a_canary_shows_how_it_is_doing(reached: Site) -> None:
    campaign_id = reached.filled(SIX, canary_size=2)
    assert shown(reached, campaign_id)["canary"] is None
    started = body(reached.post(f"/campaigns/{campaign_id}/start"))
    nothing = {"delivered": 0, "failed": 0, "unanswered": 0, "until": None}
    assert started["canary"] == {"size": 2, "state": "sending", **nothing}
    assert started["eta"] is None
    end_with(reached.database, campaign_id, ACCEPTED)
    claim(reached, campaign_id)
    waiting = shown(reached, campaign_id)
    until = waiting["canary"].pop("until")
    assert waiting["canary"] == {"size": 2, "state": "waiting", "delivered": 0, "failed": 0, "unanswered": 2}
    assert (waiting["status"], waiting["next_batch_at"], waiting["eta"]) == ("running", until, None)
    left = datetime.fromisoformat(waiting["updated_at"])
    assert timedelta(minutes=29) < datetime.fromisoformat(until) - left < timedelta(minutes=31)
    receive(reached, campaign_id, "read", "1300")
    claim(reached, campaign_id)
    passed = shown(reached, campaign_id)
    expected = {"size": 2, "state": "passed", "delivered": 1, "failed": 1, "unanswered": 0, "until": None}
    assert passed["canary"] == expected
    assert passed["eta"] is not None


def test_a_canary_that_failed_says_so_in_the_readers_language(reached: Site) -> None:
    campaign_id = reached.filled(SIX, canary_size=2)
    reached.post(f"/campaigns/{campaign_id}/start")
    end_with(reached.database, campaign_id, ACCEPTED)
    receive(reached, campaign_id, "1300", "1300")
    claim(reached, campaign_id)
    paused = shown(reached, campaign_id)
    assert (paused["status"], paused["canary"]["state"]) == ("paused", "failed")
    assert "no salió bien: 0 entregados, 2 fallidos, 0 sin acuse" in paused["status_reason"]["reason"]
    english = {"Accept-Language": "en"}
    event = body(reached.get(f"/campaigns/{campaign_id}/events", headers=english))["events"][0]
    assert (event["who"], event["what"], event["code"]) == ("guard", "pause", "canary_failed")
    assert event["why"].startswith("The canary failed: 0 delivered, 2 failed, 0 without")
    assert event["details"] == {"delivered": 0, "failed": 2, "unanswered": 0}
    resumed = body(reached.post(f"/campaigns/{campaign_id}/resume"))
    assert (resumed["status"], resumed["canary"]["state"]) == ("running", "passed")


def test_a_canary_of_the_whole_campaign_ends_with_it_and_has_an_eta(reached: Site) -> None:
    campaign_id = reached.filled(SIX, canary_size=50)
    assert body(reached.post(f"/campaigns/{campaign_id}/start"))["eta"] is not None
    end_with(reached.database, campaign_id, ACCEPTED)
    ended = shown(reached, campaign_id)
    assert (ended["status"], ended["canary"]) == ("completed", None)


def test_once_started_the_size_stays_and_the_rest_changes(reached: Site) -> None:
    campaign_id = reached.filled(SIX, canary_size=2)
    reached.post(f"/campaigns/{campaign_id}/start")
    refused = reached.put(f"/campaigns/{campaign_id}", {"canary_size": 3})
    assert (refused.status_code, body(refused)["code"]) == (409, "fields_locked")
    change = {"canary_wait_minutes": 5, "failure_share_limit": None, "failure_minimum": 7}
    changed = body(reached.put(f"/campaigns/{campaign_id}", change))
    assert {name: changed[name] for name in change} == change


@pytest.mark.parametrize(
    ("template_id", "waba", "status", "code"),
    [
        ("promo", "77", 200, None),
        ("promo", "unknown", 200, None),
        ("1", "unknown", 503, "templates_unavailable"),
        ("paused", "77", 409, "template_not_approved"),
        ("gone", "77", 409, "template_not_found"),
        ("english", "77", 409, "template_not_found"),
    ],
)
def test_a_start_checks_the_template_where_the_list_can_be_read(
    tmp_path: Path, template_id: str, waba: str, status: int, code: str | None
) -> None:
    known = tuple(
        {"id": str(number), "name": name, "language": language, "status": state}
        for number, (name, language, state) in enumerate(
            [("promo", "es_MX", "APPROVED"), ("paused", "es_MX", "PAUSED"), ("english", "en_US", "APPROVED")]
        )
    )
    config = SimulatorConfig(accounts=(account(),), wabas=(Waba("77", known),))
    with running_simulator(config) as simulator:
        url = sqlite_with_tables(tmp_path)
        with site_in(tmp_path, url, vonage_url=simulator.url) as site:
            use_account(site, account())
            waba_id = "77" if waba == "77" else "99"
            settings = {"senderNumber": "5215550001111", "wabaId": waba_id}
            site.data.write("global/config/outbound-campaigns.json", settings)
            campaign_id = site.filled(SIX, template_id=template_id)
            answer = site.post(f"/campaigns/{campaign_id}/start")
            assert (answer.status_code, body(answer).get("code")) == (status, code), answer.text


def use_account(site: Site, used: Account) -> None:
    channel = {"enabled": True, "apiKey": used.api_key, "apiSecret": used.api_secret}
    config = {"id": "demo-bot", "name": "demo-bot", "messaging": {"channels": {"vonage": channel}}}
    site.data.write("bots/demo-bot/bot.config.json", config)


def claim(site: Site, campaign_id: int) -> None:
    """What an engine does every few seconds."""
    sender = replace(OneSender().sender("demo-bot", None), webhook_url="https://example.com/status")
    claim_slice(site.database, campaign_id, sender, Claimant("worker", 1, lambda: 0.0))


def receive(site: Site, campaign_id: int, *ends: str) -> None:
    """A receipt for each of the first recipients."""
    ids = [row["id"] for row in body(site.get(f"/campaigns/{campaign_id}/recipients"))["recipients"]]
    histories = [body(site.get(f"/campaigns/{campaign_id}/recipients/{id_}"))["history"] for id_ in ids]
    refs = [history[0]["client_ref"] for history in histories if history]
    bodies = [
        failed(end, ref) if end.isdigit() else v1(end, ref) for end, ref in zip(ends, refs, strict=True)
    ]
    with site.database.write() as session:
        receipts.store(session, [("demo-bot", text) for text in bodies], site.database.now(session))
    receipts.apply_some(site.database)
