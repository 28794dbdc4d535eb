"""What keeps rows from being sent is told by HTTP, and changes with what fills the template."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Recipient
from tests.support.simulator_process import RunningSimulator, running_simulator
from tests.support.site import BOT, Site, body, site_in
from tests.support.tables import sqlite_with_tables
from tests.support.template_kinds import body as body_part
from tests.support.template_kinds import buttons, listed
from vonage_simulator import ReceiptSettings, SimulatorConfig, Waba

WABA = "106499765517625"
SHOP = listed(
    "tienda",
    body_part("Hola {{nombre}}, tu pedido va en camino."),
    buttons({"type": "URL", "text": "Ver", "url": "https://t.example.com/{{1}}", "example": ["1"]}),
    form="NAMED",
)
NAMED = listed("saludo", body_part("Hola {{nombre}}."), form="NAMED")
FILE = "phone_number,nombre,pedido\n4420000001,Ana,77\n4420000002,,78\n4420000003,Eva,https://x.mx/79\n"


@pytest.fixture
def vonage() -> Iterator[RunningSimulator]:
    waba = Waba(WABA, (SHOP, NAMED))
    with running_simulator(SimulatorConfig(wabas=(waba,), receipts=ReceiptSettings(on=False))) as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, vonage: RunningSimulator) -> Iterator[Site]:
    with site_in(tmp_path, sqlite_with_tables(tmp_path), vonage_url=vonage.url) as made:
        settings = {"senderNumber": "5215550001111", "wabaId": WABA}
        made.data.write(f"bots/{BOT}/config/outbound-campaigns.json", settings)
        yield made


VALUES = {"body.nombre": {"column": "nombre"}, "button.0.url": {"column": "pedido"}}


def skipped(site: Site, campaign_id: int) -> dict[str, str]:
    found = body(site.get(f"/campaigns/{campaign_id}/recipients?status=skipped"))["recipients"]
    return {one["phone_number"][-1]: one["error"]["code"] for one in found}


def test_flawed_rows_are_counted_listed_and_exported_with_their_column(shop: Site) -> None:
    campaign_id = shop.filled(FILE, template_id="tienda", values=VALUES)
    (done,) = body(shop.get(f"/campaigns/{campaign_id}/imports"))["imports"]
    assert (done["imported"], done["flawed"], done["invalid"]) == (3, 2, 0)
    assert skipped(shop, campaign_id) == {"2": "flaw_empty", "3": "flaw_whole_address"}
    errors = body(shop.get(f"/campaigns/{campaign_id}/report"))["errors"]
    assert [(one["status"], one["code"], one["count"]) for one in errors] == [
        ("skipped", "flaw_empty", 1),
        ("skipped", "flaw_whole_address", 1),
    ]
    for language, said in (("es", "Columna: «pedido»."), ("en", "Column: pedido.")):
        spoken = {"Accept-Language": language}
        found = body(shop.get(f"/campaigns/{campaign_id}/recipients?status=skipped", headers=spoken))
        assert found["recipients"][1]["error"]["reason"].endswith(said)
        exported = shop.get(f"/campaigns/{campaign_id}/export?status=skipped", headers=spoken).text
        assert said in exported
        assert exported.count("\n") == 3


def test_a_draft_is_judged_anew_when_its_filling_or_its_template_changes(shop: Site) -> None:
    campaign_id = shop.filled(FILE, template_id="tienda", values=VALUES)
    with_text = {**VALUES, "body.nombre": {"column": "nombre", "if_empty": "cliente"}}
    changed = body(shop.put(f"/campaigns/{campaign_id}", {"values": with_text}))
    assert changed["judging"] == {"done": 0, "total": 3}
    shop.judge_now()
    assert body(shop.get(f"/campaigns/{campaign_id}"))["judging"] is None
    assert skipped(shop, campaign_id) == {"3": "flaw_whole_address"}
    shop.put(f"/campaigns/{campaign_id}", {"template_id": "saludo", "values": None})
    shop.judge_now()
    assert skipped(shop, campaign_id) == {"2": "flaw_empty"}


def test_a_start_judges_what_is_left_to_judge_and_sends_to_the_good_ones(shop: Site) -> None:
    campaign_id = shop.filled(FILE, template_id="tienda", values=VALUES)
    shop.put(f"/campaigns/{campaign_id}", {"values": {**VALUES, "body.nombre": "Hola"}})
    started = body(shop.post(f"/campaigns/{campaign_id}/start"))
    assert (started["status"], started["counts"]["pending"], started["counts"]["skipped"]) == (
        "running",
        2,
        1,
    )


@pytest.mark.parametrize("act", ["start", "schedule"])
def test_a_campaign_whose_rows_are_all_flawed_is_not_started(shop: Site, act: str) -> None:
    flawed = "phone_number,nombre,pedido\n4420000001,,77\n4420000002,NULL,78\n"
    campaign_id = shop.filled(flawed, template_id="tienda", values=VALUES)
    given = {"scheduled_at": "2031-01-15T09:00"} if act == "schedule" else None
    refused = shop.post(f"/campaigns/{campaign_id}/{act}", given)
    assert (refused.status_code, body(refused)["code"]) == (409, "everyone_flawed")


def test_the_preview_is_of_somebody_who_is_sent_to(shop: Site) -> None:
    content = "phone_number,nombre,pedido\n4420000001,,77\n4420000002,Eva,78\n"
    campaign_id = shop.filled(content, template_id="tienda", values=VALUES)
    shown = body(shop.post(f"/campaigns/{campaign_id}/preview", {}))
    assert (shown["phone_number"], shown["problems"]) == ("+5214420000002", [])


def test_a_row_that_a_program_corrects_is_sent(shop: Site) -> None:
    campaign_id = shop.filled(FILE, template_id="tienda", values=VALUES)
    better = [{"phone_number": "4420000002", "nombre": "Luz", "pedido": 78}]
    shop.post(f"/campaigns/{campaign_id}/recipients", {"recipients": better})
    shop.import_now()
    assert skipped(shop, campaign_id) == {"3": "flaw_whole_address"}
    started = body(shop.post(f"/campaigns/{campaign_id}/start"))
    assert started["counts"]["pending"] == 2


def test_what_fills_a_template_that_changed_may_change_with_it(shop: Site, vonage: RunningSimulator) -> None:
    content = "phone_number,nombre,pedido\n4420000001,Ana,77\n4420000002,Eva,\n4420000003,,79\n"
    campaign_id = shop.filled(content, template_id="saludo", values={"body.nombre": {"column": "nombre"}})
    shop.post(f"/campaigns/{campaign_id}/start")
    refused = shop.put(f"/campaigns/{campaign_id}", {"values": {"body.pedido": {"column": "pedido"}}})
    assert (refused.status_code, body(refused)["code"]) == (409, "fields_locked")
    with shop.database.write() as session:
        session.execute(
            sa.update(Recipient).where(Recipient.row == 2).values(last_attempt=1, status="pending")
        )
        why = {"code": "template_changed", "before": "x", "now": "y"}
        campaign_rows.update(session, campaign_id, status="paused", status_reason=why)
    changed = listed("saludo", body_part("Tu pedido {{pedido}} va en camino."), form="NAMED")
    vonage.simulator.templates.replace(WABA, (changed,))
    refused = shop.post(f"/campaigns/{campaign_id}/resume")
    assert (refused.status_code, body(refused)["code"]) == (409, "message_flawed")
    shop.put(f"/campaigns/{campaign_id}", {"values": {"body.pedido": {"column": "pedido"}}})
    resumed = body(shop.post(f"/campaigns/{campaign_id}/resume"))
    assert (resumed["status"], resumed["counts"]["pending"]) == ("running", 2)
    assert skipped(shop, campaign_id) == {"2": "flaw_empty"}
    with shop.database.read() as session:
        frozen = campaign_rows.get(session, campaign_id)
    assert frozen.filling == {"body.pedido": {"column": "pedido"}}


def test_what_was_frozen_at_the_start_stays_when_a_field_is_given_as_it_is(
    shop: Site, vonage: RunningSimulator
) -> None:
    campaign_id = shop.filled(FILE, template_id="tienda", values=VALUES)
    shop.post(f"/campaigns/{campaign_id}/start")
    changed = listed("tienda", body_part("Adiós {{nombre}}."), form="NAMED")
    vonage.simulator.templates.replace(WABA, (changed,))
    given = {"template_id": "tienda", "values": VALUES, "batch_size": 7}
    assert body(shop.put(f"/campaigns/{campaign_id}", given))["judging"] is None
    with shop.database.read() as session:
        frozen = campaign_rows.get(session, campaign_id)
    assert (frozen.template_definition or {})["components"] == SHOP["components"]
    assert (frozen.filling, frozen.batch_size) == (VALUES, 7)
