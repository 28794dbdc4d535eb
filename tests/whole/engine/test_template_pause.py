"""A template that WhatsApp pauses stops a campaign that is being sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import BOT, Installation, installation
from tests.support.tables import url_of
from tests.support.template_list import WABA, replace_templates, template

NUMBER = "5215550001111"


@pytest.fixture(params=["sqlite", "postgresql"])
def with_list(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """An installation whose bot names its WhatsApp account."""
    wabas: list[dict[str, Any]] = [{"id": WABA, "templates": [template("promo")]}]
    with installation(tmp_path, url_of(request, tmp_path), wabas=wabas) as made:
        settings = {"senderNumber": NUMBER, "messagesPerSecond": 50, "wabaId": WABA}
        made.data.write(f"bots/{BOT}/config/outbound-campaigns.json", settings)
        yield made


def test_a_template_that_whatsapp_pauses_in_mid_run_stops_the_campaign(with_list: Installation) -> None:
    with_list.start_engine(templates_each=0.5)
    campaign_id = with_list.campaign(2000, batch_size=10_000)
    with_list.wait(campaign_id, lambda campaign: campaign.sent_count > 20)
    replace_templates(with_list.simulator, template("promo", "PAUSED"))
    campaign = with_list.wait_for_end(campaign_id)
    assert campaign.status == "paused"
    assert (campaign.status_reason or {})["status"] == "PAUSED"
    with_list.wait(campaign_id, lambda campaign: campaign.sending_count == 0)
    assert with_list.read(campaign_id).pending_count > 0
    with_list.assert_promise(campaign_id)
