"""The panel as it is in the studio: the module's view in the studio's React, and all requests through it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.support.behind_module import behind_module
from tests.support.ports import free_port
from tests.support.running import Running
from tests.whole.panel.conftest import panel_installation
from tests.whole.panel.studio import PLACE, Studio


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
