"""A campaign's times are in its own zone, which is named where it is not the browser's."""

import re

import pytest
from playwright.sync_api import expect

from tests.support.running import Running
from tests.whole.panel.studio import Studio

NAMED = re.compile(r"GMT|UTC|P[SD]T")


@pytest.mark.parametrize(("zone", "is_named"), [("America/Tijuana", True), ("America/Monterrey", False)])
def test_a_zone_is_named_where_campaign_and_browser_differ(
    studio: Studio, panel_service: Running, zone: str, is_named: bool
) -> None:
    name = f"En {zone}"
    campaign_id = panel_service.draft(1, name=name, timezone=zone, scheduled_at="2031-01-15T09:00")
    panel_service.move(campaign_id, "schedule")
    panel = studio.open("/campaigns")
    card = panel.get_by_role("listitem").filter(has_text=name)
    expect(card).to_contain_text("Se inicia")
    shown = card.inner_text()
    assert "09:00" in shown  # of the campaign's zone, whatever the browser's
    assert bool(NAMED.search(shown.split("09:00")[1])) == is_named
    panel_service.move(campaign_id, "unschedule")
