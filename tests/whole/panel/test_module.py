"""The module in the studio: its view shows the panel, also when the service is away.

test_flow has what people do with it.
"""

from __future__ import annotations

from playwright.sync_api import expect

from tests.support.running import Running
from tests.whole.panel.conftest import MakeStudio
from tests.whole.panel.module_studio import panel_service, service_behind, studio_kind
from tests.whole.panel.studio import Studio
from tests.whole.panel.test_flow import BRIEF, begin, drop
from tests.whole.panel.test_studio import is_refusal

__all__ = ["panel_service", "service_behind", "studio_kind"]


def test_the_view_is_one_iframe_that_fills_the_studio_s_page(make_studio: MakeStudio) -> None:
    studio = make_studio(lang="en")
    panel = studio.open("/health")
    expect(panel.get_by_role("link", name="Campaigns", exact=True)).to_be_visible()
    iframe = studio.page.locator("#main > iframe")
    expect(iframe).to_have_attribute("title", "Outbound campaigns")
    expect(iframe).to_have_attribute("src", "/api/v1/bots/demo-bot/mod/outbound-campaigns/ui/?lang=en")
    assert iframe.bounding_box() == {"x": 40, "y": 50, "width": 1240, "height": 722}


def test_what_is_half_written_stays_when_the_studio_draws_the_view_again(studio: Studio) -> None:
    panel = studio.open("/campaigns/new")
    panel.get_by_label("Nombre", exact=True).fill("A medio escribir")
    studio.page.evaluate("localStorage.setItem('uiLanguage', 'en'); window.show('fr')")
    expect(panel.get_by_label("Nombre", exact=True)).to_have_value("A medio escribir")


def test_a_service_that_is_away_is_said_and_comes_back_by_itself(
    studio: Studio, service_behind: tuple[Running, Running]
) -> None:
    service, _ = service_behind
    studio.refused = is_refusal
    panel = begin(studio, "Con el servicio caído")
    expect(panel.get_by_text("Arrastre aquí un archivo de Excel")).to_be_visible()
    service.stop()
    drop(panel, "clientes.csv", BRIEF)
    expect(panel.get_by_text("El servicio no responde.").first).to_be_visible()
    service.start()
    panel = studio.open("/campaigns")
    expect(panel.get_by_role("heading", name="Campañas", exact=True)).to_be_visible()
    expect(panel.get_by_text("El servicio no responde.")).to_have_count(0)
