"""The preview tells what Meta would say of a message's links, where the bot's settings ask for that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from outbound_campaigns.engine.linking import Linking
from outbound_campaigns.media.links import Network
from tests.support.simulator_process import running_simulator
from tests.support.site import BOT, Site, body, site_in
from tests.support.tables import sqlite_with_tables
from tests.support.template_kinds import body as body_part
from tests.support.template_kinds import listed
from vonage_simulator import ReceiptSettings, SimulatorConfig, Waba

WABA = "106499765517625"
EXTERNAL = "https://bots.example.com"
PROMO = listed("promo", {"type": "HEADER", "format": "IMAGE"}, body_part("Hola {{1}}."))
FILE = "phone_number,nombre\n4420000001,Ana\n"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    waba = Waba(WABA, (PROMO,))
    with (
        running_simulator(SimulatorConfig(wabas=(waba,), receipts=ReceiptSettings(on=False))) as vonage,
        site_in(tmp_path, sqlite_with_tables(tmp_path), vonage_url=vonage.url, external_url=EXTERNAL) as made,
    ):
        settings(made, checkMediaLinks=True)
        yield made


def settings(site: Site, **more: Any) -> None:
    given = {"senderNumber": "5215550001111", "wabaId": WABA, **more}
    site.data.write(f"bots/{BOT}/config/outbound-campaigns.json", given)


def preview(site: Site, campaign_id: int, language: str = "es") -> dict[str, Any]:
    return body(site.post(f"/campaigns/{campaign_id}/preview", {}, headers={"Accept-Language": language}))


def draft(site: Site, link: str) -> int:
    return site.filled(
        FILE, template_id="promo", values={"header.image": link, "body.1": {"column": "nombre"}}
    )


def look(site: Site) -> list[str]:
    """What an engine does; which names it resolved."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.1"]

    Linking(site.database, Network(resolve)).work()
    return asked


def test_a_link_is_looked_at_off_the_web_and_told_in_both_languages(site: Site) -> None:
    campaign_id = draft(site, "http://intranet.example.com/a.jpg")
    first = preview(site, campaign_id)
    assert (first["looking"], first["problems"]) == (True, [])
    assert look(site) == ["intranet.example.com"]
    said = set()
    for language in ("es", "en"):
        shown = preview(site, campaign_id, language)
        assert (shown["looking"], [one["code"] for one in shown["problems"]]) == (False, ["link_private"])
        said.add(shown["problems"][0]["message"])
    assert len(said) == 2
    assert look(site) == []


def test_it_blocks_nothing(site: Site) -> None:
    campaign_id = draft(site, "http://intranet.example.com/a.jpg")
    preview(site, campaign_id)
    look(site)
    assert body(site.post(f"/campaigns/{campaign_id}/start"))["status"] == "running"


def test_nobody_is_asked_unless_the_settings_say_so_and_never_we_ourselves(site: Site) -> None:
    hosted = draft(site, f"{EXTERNAL}/api/v1/bots/demo-bot/mod/outbound-campaigns/media/{'a' * 32}.jpg")
    assert preview(site, hosted)["looking"] is False
    settings(site)
    other = draft(site, "http://intranet.example.com/a.jpg")
    assert preview(site, other)["looking"] is False
    assert look(site) == []
