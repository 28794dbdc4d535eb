"""The module in the studio: its view shows the panel, and everything that the panel does goes through it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.support.behind_module import behind_module
from tests.support.ports import free_port
from tests.support.running import Running
from tests.whole.panel import test_flow
from tests.whole.panel.conftest import MakeStudio, panel_installation
from tests.whole.panel.studio import PLACE, Studio
from tests.whole.panel.test_flow import BRIEF, begin, drop
from tests.whole.panel.test_studio import is_refusal

Test = Callable[..., None]


def flow() -> list[Test]:
    """Those that need nothing but a studio."""
    found = [
        test for name, test in inspect.getmembers(test_flow, inspect.isfunction) if name.startswith("test_")
    ]
    return [test for test in found if set(inspect.signature(test).parameters) <= {"studio", "tmp_path"}]


class ModuleStudio(Studio):
    """A page of Botpress's own with the module's view in it, drawn by the studio's React."""

    def open(self, path: str = "/campaigns") -> FrameLocator:
        self.page.evaluate("lang => localStorage.setItem('uiLanguage', lang)", self.lang)
        self.page.goto(f"{self.origin}{PLACE}")
        expect(self.panel.locator("h2").first).to_be_visible()
        self.page.frames[1].evaluate("path => { location.hash = path; }", path)
        return self.panel

    def _route_host(self) -> None:
        """The page comes from Botpress once a token is there: a panel that asks before that is refused."""
        self.page.route(f"{self.origin}{PLACE}?blank", self._host)


@pytest.fixture(scope="module")
def studio_kind() -> type[Studio]:
    return ModuleStudio


@pytest.fixture(scope="module")
def service_behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Running]]:
    """The service itself, and as it is asked through the module."""
    port = free_port()
    with (
        panel_installation(tmp_path_factory.mktemp("module"), port) as made,
        behind_module(made, port) as through,
    ):
        yield made, through


@pytest.fixture(scope="module")
def panel_service(service_behind: tuple[Running, Running]) -> Running:
    return service_behind[1]


@pytest.mark.parametrize("test", flow(), ids=lambda test: test.__name__)
def test_what_the_panel_does_it_does_through_the_module(test: Test, studio: Studio, tmp_path: Path) -> None:
    given: dict[str, Any] = {"studio": studio, "tmp_path": tmp_path}
    test(**{name: given[name] for name in inspect.signature(test).parameters})


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
    expect(panel.get_by_text("Arrastre aquí un archivo CSV")).to_be_visible()
    service.stop()
    drop(panel, "clientes.csv", BRIEF)
    expect(panel.get_by_text("El servicio no responde.").first).to_be_visible()
    service.start()
    panel = studio.open("/campaigns")
    expect(panel.get_by_role("heading", name="Campañas", exact=True)).to_be_visible()
    expect(panel.get_by_text("El servicio no responde.")).to_have_count(0)
