"""A page that imitates Botpress Studio around the panel: one origin, its token in localStorage, an iframe."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import FrameLocator, Locator, Page, Request, Route

from tests.support.running import Running
from tests.support.site import ADMIN, BOT

PLACE = f"/studio/{BOT}/modules/outbound-campaigns"
LONG = 30_000
"""ms"""

# The studio's own measures: a sidebar of 40 px, a bar of 50 px, a status bar of 28 px.
HOST = """
<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Botpress Studio</title><style>
  body {{ margin: 0; display: grid; height: 100vh; grid: 50px 1fr 28px / 40px 1fr; }}
  aside {{ grid-row: 1 / 3; background: #1a1e22; }}
  footer {{ grid-column: 1 / 3; background: #1a1e22; }}
  main {{ overflow: hidden; }}
  iframe {{ border: 0; width: 100%; height: 100%; }}
</style></head><body><aside></aside><header></header><main>
<iframe title="Campañas Salientes"
  src="/api/v1/bots/{bot}/mod/outbound-campaigns/ui/?lang={lang}#{path}"></iframe>
</main><footer></footer></body></html>
"""


@dataclass
class Studio:
    """The studio's page, and what its browser complained of."""

    page: Page
    service: Running
    lang: str = "es"
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    refused: Callable[[str], bool] = lambda _text: False
    """which complaints a test expects"""

    def __post_init__(self) -> None:
        self.page.set_default_timeout(LONG)
        self.page.on("console", lambda message: self._complain(message.type, message.text))
        self.page.on("pageerror", lambda error: self._complain("error", str(error)))
        self.page.on("request", self._look)
        self._route_host()
        self.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        self.page.goto(f"{self.origin}{PLACE}?blank")
        self.log_in()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.service.port}"

    @property
    def panel(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    def log_in(self, user: str = ADMIN) -> None:
        self.set_token(self.service.botpress.bearer(user).removeprefix("Bearer "))

    def set_token(self, token: str) -> None:
        kept = json.dumps({"token": token, "expiresAt": 0, "issuedAt": 0})
        self.page.evaluate("kept => localStorage.setItem('bp/token', kept)", kept)

    def open(self, path: str = "/campaigns") -> FrameLocator:
        self.page.goto(f"{self.origin}{PLACE}?{path}&{self.lang}")
        return self.panel

    def button(self, name: str, **more: Any) -> Locator:
        return self.panel.get_by_role("button", name=name, exact=True, **more)

    def agree(self, name: str) -> None:
        """Answer the dialog's question with yes, which is called so."""
        self.panel.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def assert_quiet(self) -> None:
        """The browser complained of nothing, and asked nobody else."""
        assert [text for text in self.complaints if not self.refused(text)] == []
        assert self.elsewhere == []

    def _route_host(self) -> None:
        self.page.route(lambda url: urlsplit(url).path == PLACE, self._host)

    def _host(self, route: Route) -> None:
        path, _, lang = urlsplit(route.request.url).query.partition("&")
        content = HOST.format(bot=BOT, lang=lang or self.lang, path=path) if path != "blank" else "<p>"
        route.fulfill(status=200, content_type="text/html; charset=utf-8", body=content)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def _look(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "blob:", "data:")):
            self.elsewhere.append(request.url)
