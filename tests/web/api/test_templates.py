"""Templates, previews and test messages by HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from outbound_campaigns.campaigns import campaign_rows
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


def test_a_column_that_the_template_does_not_use_flaws_no_row(listed: Site) -> None:
    campaign_id = listed.create(template_id="promo")
    listed.upload(campaign_id, "phone_number,a,b,notas\n4422591631,x,y,\n4422591632,,y,z\n")
    listed.import_now()
    (done,) = body(listed.get(f"/campaigns/{campaign_id}/imports"))["imports"]
    assert (done["imported"], done["flawed"], done["invalid"]) == (2, 1, 0)


def slot_keys(listed: Site) -> list[str]:
    shown = body(listed.get("/templates/promo/es-mx", user=EDITOR))
    return [slot["key"] for slot in shown["slots"]]


def test_one_template_shows_its_slots(listed: Site) -> None:
    assert slot_keys(listed) == ["body.1", "body.2", "button.0.payload"]
    unknown = listed.get("/templates/otra/es_MX")
    assert (unknown.status_code, body(unknown)["code"]) == (404, "template_unknown")


VALUES = {"body.1": {"column": "var1", "if_empty": "cliente"}, "body.2": "20 %", "button.0.payload": "si"}


def test_values_fill_the_slots_of_every_message(listed: Site) -> None:
    campaign_id = listed.create(template_id="promo", values=VALUES)
    listed.upload(campaign_id, "phone_number,var1,notas\n4422591631,Juan,\n4422591632,,\n")
    listed.import_now()
    (done,) = body(listed.get(f"/campaigns/{campaign_id}/imports"))["imports"]
    assert (done["imported"], done["invalid"]) == (2, 0)
    shown = body(listed.post(f"/campaigns/{campaign_id}/preview", {}))
    assert shown["problems"] == []
    assert shown["text"]["body"].startswith("Juan, tienes 20 % de descuento.")
    started = body(listed.post(f"/campaigns/{campaign_id}/start"))
    assert (started["status"], started["checked"], started["values"]) == ("running", True, VALUES)


@pytest.mark.parametrize("act", ["start", "schedule", "test-send"])
@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"values": {"body.1": "x"}}, "slot_empty", "body.2"),
        ({"values": {**VALUES, "body.9": "x"}}, "unknown_slot", "body.9"),
        ({"values": {**VALUES, "body.1": {"column": "otra"}}}, "missing_column", "body.1"),
        ({"variables": ["var1"]}, "wrong_number_of_values", "body"),
        (
            {"template_components": [{"type": "header", "parameters": [{"type": "text", "text": "x"}]}]},
            "component_without_slot",
            "header",
        ),
    ],
)
def test_what_meta_would_refuse_is_refused_before_anything_is_sent(
    listed: Site, act: str, changes: dict[str, Any], code: str, place: str
) -> None:
    campaign_id = listed.filled(template_id="promo")
    assert listed.ask("PUT", f"/campaigns/{campaign_id}", json=changes).status_code == 200
    shown = body(listed.post(f"/campaigns/{campaign_id}/preview", {}))
    assert (code, place) in [(one["code"], one["slot"]) for one in shown["problems"]]
    asked = {
        "start": None,
        "schedule": {"scheduled_at": "2031-01-15T09:00"},
        "test-send": {"phone_number": "4422591639"},
    }[act]
    refused = listed.post(f"/campaigns/{campaign_id}/{act}", asked)
    assert (refused.status_code, body(refused)["code"]) == (409, "message_flawed")
    assert place in body(refused)["details"]
    english = listed.post(f"/campaigns/{campaign_id}/{act}", asked, headers={"Accept-Language": "en"})
    assert body(english)["details"][place] != body(refused)["details"][place]
    assert body(listed.get(f"/campaigns/{campaign_id}"))["status"] == "draft"


def test_a_schedule_of_a_template_that_is_not_there_is_refused_as_the_start_is(listed: Site) -> None:
    campaign_id = listed.filled(template_id="noexiste")
    for act, given in (("schedule", {"scheduled_at": "2031-01-15T09:00"}), ("start", None)):
        refused = listed.post(f"/campaigns/{campaign_id}/{act}", given)
        assert (refused.status_code, body(refused)["code"]) == (409, "template_not_found")


def test_the_lists_own_spelling_of_the_language_is_sent(listed: Site) -> None:
    campaign_id = listed.filled(template_id="promo", template_language="ES-mx")
    assert body(listed.post(f"/campaigns/{campaign_id}/start"))["template_language"] == "es_MX"


def test_a_campaign_whose_template_changed_goes_on_with_the_new_one(
    listed: Site, vonage: RunningSimulator
) -> None:
    campaign_id = listed.filled(template_id="promo")
    listed.post(f"/campaigns/{campaign_id}/start")
    with listed.database.write() as session:
        why = {"code": "template_changed", "before": "x", "now": "y"}
        campaign_rows.update(session, campaign_id, status="paused", status_reason=why)
    texts = [{"type": "BODY", "text": "Hola {{1}}"}]
    vonage.simulator.templates.replace(WABA, (LISTED | {"components": texts},))
    assert body(listed.post(f"/campaigns/{campaign_id}/resume"))["status"] == "running"
    with listed.database.read() as session:
        frozen = campaign_rows.get(session, campaign_id)
    assert (frozen.template_definition or {})["components"] == texts
    assert frozen.filling == {"body.1": {"column": "var1"}}


@pytest.mark.parametrize(
    "values", [[], {"body 1": "x"}, {"body.1": 7}, {"body.1": {}}, {"body.1": {"text": "a", "column": "b"}}]
)
def test_values_of_another_form_are_refused(listed: Site, values: object) -> None:
    refused = listed.post("/campaigns", {"name": "x", "template_id": "promo", "values": values})
    assert (refused.status_code, list(body(refused)["details"])) == (422, ["values"])


def test_without_the_list_programs_start_as_before_and_values_are_refused(site: Site) -> None:
    plain = site.filled()
    assert body(site.post(f"/campaigns/{plain}/start"))["checked"] is False
    by_slots = site.filled(values={"body.1": "x"})
    refused = site.post(f"/campaigns/{by_slots}/start")
    assert (refused.status_code, body(refused)["code"]) == (409, "waba_missing")
