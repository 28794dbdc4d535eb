"""The service behind the Botpress module: uploads, exports and Vonage's webhooks come through it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from tests.support.behind_module import PRIVATE_BOT, behind_module
from tests.support.ports import free_port
from tests.support.proxied import (
    assert_a_created_campaign_is_where_its_location_says,
    assert_a_large_file_comes_in_and_goes_out,
    assert_media_is_fetched_as_meta_does,
)
from tests.support.receipt_bodies import signed, v1
from tests.support.running import ACCOUNT, Running, running
from tests.support.site import BOT, DISABLED_BOT, EDITOR
from tests.support.tables import sqlite_in


@pytest.fixture(scope="module", params=["", "/bp"], ids=["at the root", "below a root path"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Vonage's receipts too come to Botpress's address."""
    folder, port = tmp_path_factory.mktemp("module"), free_port()
    settings = {"EXTERNAL_URL": f"http://127.0.0.1:{port}{request.param}", "OUTBOUND_MAX_UPLOAD_MB": "20"}
    receipts = {"on": True, "delay_min": 0.01, "delay_max": 0.1, "read_share": 1.0}
    made = running(folder, sqlite_in(folder), settings, request.param, receipts=receipts, accounts=[ACCOUNT])
    with made as service, behind_module(service, port) as through:
        yield through


def test_a_campaign_goes_from_its_file_to_its_export_with_every_receipt(service: Running) -> None:
    campaign_id = service.draft(30, batch_size=1000)
    service.move(campaign_id, "start")
    service.installed.wait_for_end(campaign_id)
    service.installed.wait(campaign_id, lambda campaign: campaign.read_count == 30)
    export = service.ask("GET", f"/campaigns/{campaign_id}/export")
    assert export.headers["Cache-Control"] == "no-store, no-transform"
    assert "Content-Encoding" not in export.headers
    assert export.text.count(",read,") == 30
    receipts = requests.get(f"{service.installed.simulator}/_simulator/receipts", timeout=10).json()["tally"]
    assert (receipts["refused"], receipts["given_up"]) == (0, 0)


def test_a_signature_holds_for_bytes_that_no_parser_would_give_back(service: Running) -> None:
    raw = v1("delivered", "of-nobody", profile={"name": "María  ", "share": 1.0}).replace(":", " : ").encode()
    posted = requests.post(f"{service.url}/webhooks/status", data=raw, headers=signed(raw), timeout=10)
    assert (posted.status_code, posted.content) == (200, b"")
    forged = requests.post(f"{service.url}/webhooks/status", data=raw + b" ", headers=signed(raw), timeout=10)
    assert (forged.status_code, forged.json()["errorCode"]) == (401, "BP_0041")


def test_a_file_larger_than_botpress_takes_comes_in_and_goes_out_again(service: Running) -> None:
    assert_a_large_file_comes_in_and_goes_out(service)


def test_a_file_larger_than_the_service_takes_is_refused_in_its_words(service: Running) -> None:
    campaign_id = service.draft()
    place = f"/campaigns/{campaign_id}/upload-csv"
    for kind in ({"data": b"x" * 30_000_000, "headers": {"Content-Type": "text/csv"}}, {"files": big_form()}):
        refused = service.ask("POST", place, **kind)
        assert (refused.status_code, refused.json()["code"]) == (413, "file_too_large")


def big_form() -> dict[str, tuple[str, bytes]]:
    return {"file": ("large.csv", b"x" * 30_000_000)}


def test_a_hosted_picture_is_fetched_as_meta_does(service: Running) -> None:
    assert_media_is_fetched_as_meta_does(service)


def test_botpress_checks_first_and_the_service_again(service: Running) -> None:
    assert requests.get(f"{service.url}/status", timeout=5).json()["errorCode"] == "BP_0041"
    reader = {"Authorization": service.botpress.bearer(EDITOR)}
    status = service.ask("GET", "/status", headers=reader)
    assert (status.status_code, status.json()["can_write"]) == (200, False)
    assert service.ask("POST", "/campaigns", json={}, headers=reader).status_code == 403
    for bot in (DISABLED_BOT, "no-such-bot"):
        elsewhere = service.url.replace(BOT, bot)
        assert requests.get(f"{elsewhere}/ui/", timeout=5).status_code == 404


def test_of_a_private_bot_only_who_has_a_token_gets_through(service: Running) -> None:
    hidden = service.url.replace(BOT, PRIVATE_BOT)
    raw = v1("delivered", "of-nobody").encode()
    assert requests.get(f"{hidden}/ui/", timeout=5).status_code == 401
    assert (
        requests.post(f"{hidden}/webhooks/status", data=raw, headers=signed(raw), timeout=5).status_code
        == 401
    )


def test_what_the_service_says_of_places_and_versions_holds(service: Running) -> None:
    assert_a_created_campaign_is_where_its_location_says(service)


def test_a_path_that_climbs_out_of_the_public_part_reaches_nothing(service: Running) -> None:
    for climbing in ("/ui/../status", "/ui/%2e%2e/status", "/ui/..%2fstatus"):
        prepared = requests.Request("GET", service.url).prepare()
        prepared.url = service.url + climbing
        with requests.Session() as session:
            assert session.send(prepared, timeout=5).status_code in (400, 401)
