"""Templates, previews and test messages by HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.simulator_process import RunningSimulator, running_simulator
from tests.support.site import BOT, EDITOR, Site, body, site_in
from tests.support.tables import sqlite_with_tables
from tests.support.template_list import LISTED
from vonage_simulator import ReceiptSettings, SimulatorConfig, Waba

WABA = "106499765517625"
SETTINGS = {"senderNumber": "5215550001111", "wabaId": WABA}


@pytest.fixture
def vonage() -> Iterator[RunningSimulator]:
    waba = Waba(WABA, (LISTED | {"components": LISTED["components"][1:]},))
    with running_simulator(SimulatorConfig(wabas=(waba,), receipts=ReceiptSettings(on=False))) as running:
        yield running


@pytest.fixture
def listed(tmp_path: Path, vonage: RunningSimulator) -> Iterator[Site]:
    """A site whose bot has a WhatsApp account with one template."""
    with site_in(tmp_path, sqlite_with_tables(tmp_path), vonage_url=vonage.url) as made:
        made.data.write(f"bots/{BOT}/config/outbound-campaigns.json", SETTINGS)
        yield made


def test_the_accounts_templates_are_listed_with_their_placeholders(listed: Site) -> None:
    (template,) = body(listed.get("/templates", user=EDITOR))["templates"]
    assert (template["name"], template["placeholders"], template["buttons"]) == (
        "promo",
        ["1", "2"],
        ["Me interesa"],
    )


def test_vonage_is_asked_once_in_five_minutes(listed: Site, vonage: RunningSimulator) -> None:
    listed.get("/templates")
    vonage.simulator.templates.replace(WABA, ())
    assert len(body(listed.get("/templates"))["templates"]) == 1


def test_without_an_account_the_list_is_refused_with_the_remedy(site: Site) -> None:
    refused = site.get("/templates")
    assert (refused.status_code, body(refused)["code"]) == (409, "waba_missing")
    assert "wabaId" in body(refused)["message"]


def test_a_preview_is_what_the_first_recipient_reads(listed: Site) -> None:
    campaign_id = listed.filled(template_id="promo")
    shown = body(listed.post(f"/campaigns/{campaign_id}/preview", {}))
    assert shown["text"]["body"].startswith("Juan, tienes Promoción Navidad de descuento.")
    assert (shown["phone_number"], shown["problems"]) == ("+5214422591631", [])


def test_a_draft_is_estimated_by_the_category_that_its_template_has(listed: Site) -> None:
    prices = {"currency": "USD", "countries": {"MX": {"marketing": 0.03, "utility": 0.008}}}
    listed.data.write(f"bots/{BOT}/config/outbound-campaigns.json", SETTINGS | {"prices": prices})
    campaign_id = listed.filled(template_id="promo", template_category="utility")
    cost = body(listed.get(f"/campaigns/{campaign_id}/report"))["cost"]
    assert (cost["category"], cost["estimated"]) == ("marketing", 0.06)
    unknown = listed.filled(template_id="otra", template_category="utility")
    cost = body(listed.get(f"/campaigns/{unknown}/report"))["cost"]
    assert (cost["category"], cost["estimated"]) == ("utility", 0.016)


def test_another_recipients_message_can_be_asked_for(listed: Site) -> None:
    campaign_id = listed.filled(template_id="promo")
    second = body(listed.get(f"/campaigns/{campaign_id}/recipients"))["recipients"][1]["id"]
    shown = body(listed.post(f"/campaigns/{campaign_id}/preview", {"recipient_id": second}))
    assert shown["text"]["body"].startswith("María")
    assert listed.post(f"/campaigns/{campaign_id}/preview", {"recipient_id": 999}).status_code == 404


def test_what_is_wrong_is_said_in_the_readers_language(listed: Site) -> None:
    campaign_id = listed.filled(template_id="otra")
    assert listed.put(f"/campaigns/{campaign_id}", {"variables": ["var1", "cupón"]}).status_code == 200
    place = f"/campaigns/{campaign_id}/preview"
    spanish, english = (
        body(listed.post(place, {}, headers={"Accept-Language": one})) for one in ("es", "en")
    )
    assert [one["code"] for one in spanish["problems"]] == ["template_unknown", "missing_column"]
    assert "columna «cupón»" in spanish["problems"][1]["message"]
    assert "no column cupón" in english["problems"][1]["message"]
    assert (spanish["custom"], spanish["text"]) == (None, None)


def test_without_recipients_there_is_nothing_to_show(listed: Site) -> None:
    refused = listed.post(f"/campaigns/{listed.create()}/preview", {})
    assert (refused.status_code, body(refused)["code"]) == (409, "nothing_to_send")


@pytest.mark.parametrize(
    ("number", "code"), [("no number", "number_not_read"), ("442 259 1699", "engine_missing")]
)
def test_a_test_that_can_not_be_sent_is_refused_in_words(listed: Site, number: str, code: str) -> None:
    campaign_id = listed.filled(template_id="promo")
    refused = listed.post(f"/campaigns/{campaign_id}/test-send", {"phone_number": number})
    assert (refused.status_code, body(refused)["code"]) == (409, code)


def test_a_message_with_a_flaw_is_not_even_tried(listed: Site) -> None:
    campaign_id = listed.filled(template_id="promo", variables=["var1"])
    refused = listed.post(f"/campaigns/{campaign_id}/test-send", {"phone_number": "4422591699"})
    assert (refused.status_code, body(refused)["code"]) == (409, "message_flawed")


def test_who_may_only_read_sends_no_tests(listed: Site) -> None:
    campaign_id = listed.filled(template_id="promo")
    refused = listed.post(f"/campaigns/{campaign_id}/test-send", {"phone_number": "4422591699"}, user=EDITOR)
    assert refused.status_code == 403


def test_a_column_that_the_template_does_not_use_refuses_no_row(listed: Site) -> None:
    campaign_id = listed.create(template_id="promo")
    listed.upload(campaign_id, "phone_number,a,b,notas\n4422591631,x,y,\n4422591632,,y,z\n")
    listed.import_now()
    (done,) = body(listed.get(f"/campaigns/{campaign_id}/imports"))["imports"]
    assert (done["imported"], done["invalid"]) == (1, 1)
