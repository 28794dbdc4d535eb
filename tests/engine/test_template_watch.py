"""A template that is paused, disabled or gone stops the campaigns that send it, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import responses

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.reasons import reason_text
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.template_watch import TemplateWatch
from outbound_campaigns.vonage.senders import BotSenders
from tests.support.data_folder import DataFolder
from tests.support.installation import CHANNEL
from tests.support.recipients import add_recipients
from tests.support.simulator_process import simulator_in_a_process
from tests.support.template_list import WABA, replace_templates, template

NUMBER = "5215550001111"
BOTS = ("first", "second", "elsewhere")


@dataclass
class Watched:
    """Two bots of one WhatsApp account, and a third of another; campaigns of theirs, running."""

    database: Database
    simulator: str
    watch: TemplateWatch

    def campaign(
        self,
        name: str = "promo",
        bot: str = "first",
        language: str = "es_MX",
        definition: dict[str, Any] | None = None,
    ) -> int:
        with self.database.write() as session:
            now = self.database.now(session)
            campaign_id = campaign_rows.create(session, NewCampaign(bot, "test", name), now).id
            add_recipients(session, campaign_id, 3, now)
            actions.start(
                session, campaign_id, ResolvedTemplate(name, language, definition=definition), Act("ana", now)
            )
        return campaign_id

    def read(self, campaign_id: int) -> Campaign:
        with self.database.read() as session:
            return campaign_rows.get(session, campaign_id)

    def statuses(self, *ids: int) -> list[str]:
        return [self.read(campaign_id).status for campaign_id in ids]

    def list_at_vonage(self, *templates: dict[str, Any]) -> None:
        replace_templates(self.simulator, *templates)

    def asked(self) -> dict[str, int]:
        answer = requests.get(f"{self.simulator}/_simulator/templates", timeout=10).json()
        found: dict[str, int] = answer["asked"]
        return found


@pytest.fixture
def watched(database: Database, tmp_path: Path) -> Iterator[Watched]:
    data = DataFolder(tmp_path / "data")
    for bot in BOTS:
        data.add_channel(CHANNEL, bot)
        waba_id = "88" if bot == "elsewhere" else WABA
        data.write(f"bots/{bot}/config/outbound-campaigns.json", {"senderNumber": NUMBER, "wabaId": waba_id})
    data.write("global/workspaces.json", [{"id": "default", "bots": list(BOTS)}])
    with simulator_in_a_process({"wabas": [{"id": WABA, "templates": [template("promo")]}]}) as url:
        yield Watched(database, url, TemplateWatch(database, BotSenders(data.bots()), url))


def test_what_is_approved_goes_on(watched: Watched) -> None:
    campaign_id = watched.campaign()
    watched.watch.look()
    assert watched.statuses(campaign_id) == ["running"]


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("PAUSED", "reanude cuando vuelva a estar activa"),
        ("DISABLED", "Cree otra plantilla"),
        ("REJECTED", ""),
    ],
)
def test_one_that_is_no_longer_approved_pauses_every_campaign_that_sends_it(
    watched: Watched, status: str, advice: str
) -> None:
    mine, theirs, other = watched.campaign(), watched.campaign(bot="second"), watched.campaign("aviso")
    watched.list_at_vonage(template("promo", status), template("aviso"))
    watched.watch.look()
    assert watched.statuses(mine, theirs, other) == ["paused", "paused", "running"]
    why = watched.read(mine).status_reason
    assert why is not None
    assert (why["code"], why["status"]) == ("template_not_approved", status)
    sentence = reason_text(why, "es")
    assert sentence.startswith(f"La plantilla promo (es_MX) no está aprobada (estado: {status}).")
    assert advice in sentence


def test_one_that_is_gone_or_of_another_language_pauses_too(watched: Watched) -> None:
    gone, other = watched.campaign("gone"), watched.campaign(language="en_US")
    watched.watch.look()
    assert watched.statuses(gone, other) == ["paused", "paused"]
    why = watched.read(other).status_reason
    assert why == {"code": "template_not_found", "template_id": "promo (en_US)"}


def test_one_approved_in_its_language_is_not_stopped_by_another_of_its_name(watched: Watched) -> None:
    campaign_id = watched.campaign()
    watched.list_at_vonage(template("promo", "PAUSED", "en_US"), template("promo"))
    watched.watch.look()
    assert watched.statuses(campaign_id) == ["running"]


def test_a_list_that_can_not_be_read_stops_nobody(watched: Watched) -> None:
    elsewhere, mine = watched.campaign(bot="elsewhere"), watched.campaign("gone")
    watched.watch.look()
    assert watched.statuses(elsewhere, mine) == ["running", "paused"]
    assert watched.asked() == {"88": 1, WABA: 1}


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        (None, "de «marketing» a «utility», y con ella el precio"),
        ({"MX": {"marketing": 0.03, "utility": 0.008}}, "a MX cuesta ahora 0.008 USD; antes, 0.03."),
        ({"MX": {"marketing": 0.03}}, "cuesta ahora – USD; antes, 0.03."),
    ],
)
def test_one_of_another_category_pauses_with_both_prices(
    watched: Watched, tmp_path: Path, prices: object, said: str
) -> None:
    settings: dict[str, object] = {"senderNumber": NUMBER, "wabaId": WABA}
    if prices is not None:
        settings["prices"] = {"currency": "USD", "countries": prices}
    DataFolder(tmp_path / "data").write("bots/first/config/outbound-campaigns.json", settings)
    campaign_id, other = watched.campaign(), watched.campaign("aviso")
    watched.list_at_vonage(template("promo") | {"category": "UTILITY"}, template("aviso"))
    watched.watch.look()
    assert watched.statuses(campaign_id, other) == ["paused", "running"]
    campaign = watched.read(campaign_id)
    # By this category the limit reckons, and the rest is claimed.
    assert campaign.template_category == "utility"
    assert said in reason_text(campaign.status_reason, "es")
    with watched.database.write() as session:
        actions.resume(session, campaign_id, Act("ana", watched.database.now(session)))
    watched.watch.look()
    assert watched.statuses(campaign_id) == ["running"]


OFFER = {"components": [{"type": "BODY", "text": "Hola {{1}}, 10 %."}]}


@pytest.mark.parametrize(
    ("changes", "pauses"),
    [
        ({}, False),
        ({"components": [{"type": "BODY", "text": "Hola {{1}}, 20 %."}]}, True),
        ({"components": [{"type": "BODY", "text": "Hola {{1}}, 10 %. {{2}}"}]}, True),
        ({"components": [{"type": "HEADER", "format": "IMAGE"}, *OFFER["components"]]}, True),
        ({"components": [*OFFER["components"], {"type": "FOOTER", "text": "BAJA"}]}, True),
        ({"quality_score": {"score": "RED"}}, False),
        ({"id": "another"}, False),
    ],
)
def test_one_that_reads_otherwise_pauses_with_old_and_new(
    watched: Watched, changes: dict[str, Any], pauses: bool
) -> None:
    frozen = template("promo") | OFFER
    watched.list_at_vonage(frozen)
    campaign_id = watched.campaign(definition=frozen)
    watched.watch.look()
    assert watched.statuses(campaign_id) == ["running"]
    watched.list_at_vonage(frozen | changes)
    watched.watch.look()
    assert watched.statuses(campaign_id) == ["paused" if pauses else "running"]
    if pauses:
        told = reason_text(watched.read(campaign_id).status_reason or {}, "es")
        assert "Decía «Hola {{1}}, 10 %.»" in told


def test_each_account_is_asked_once_for_all_its_campaigns(watched: Watched) -> None:
    ids = [watched.campaign(bot=bot) for bot in ("first", "second") for _ in range(5)]
    watched.watch.look()
    assert watched.asked() == {WABA: 1}
    with watched.database.write() as session:
        for campaign_id in ids:
            actions.pause(session, campaign_id, Act("ana", watched.database.now(session)))
    watched.watch.look()
    assert watched.asked() == {WABA: 1}


@pytest.mark.parametrize("odd", [{"templates": [None]}, {"templates": "all"}, ["promo"], None])
def test_an_odd_list_of_one_account_hides_no_other_s(watched: Watched, odd: object) -> None:
    elsewhere, mine = watched.campaign(bot="elsewhere"), watched.campaign("gone")
    with responses.RequestsMock() as vonage:
        vonage.add_passthru(watched.simulator)
        vonage.get(re.compile(f"{watched.simulator}/.*/88/"), json=odd)
        watched.watch.look()
    assert watched.statuses(elsewhere, mine) == ["running", "paused"]


def test_bots_whose_files_are_broken_hold_up_no_others(watched: Watched) -> None:
    lost, mine = watched.campaign(bot="nowhere"), watched.campaign("gone")
    watched.watch.look()
    assert watched.statuses(lost, mine) == ["running", "paused"]
