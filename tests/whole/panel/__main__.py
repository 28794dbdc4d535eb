"""Writes pictures of every screen, in Spanish and English: empty, full and failing.

python -m tests.whole.panel FOLDER
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.running import Running
from tests.support.site import EDITOR
from tests.whole.panel.conftest import FLAGS, chromium_path, panel_installation
from tests.whole.panel.studio import Studio
from tests.whole.panel.test_flow import BAD, people

LANGUAGES = ("es", "en")
NUMBERS = ("4425550101", "4425550102", "4425550103")
SCREENS = (("campaigns", "/campaigns"), ("opt-outs", "/opt-outs"), ("health", "/health"))
LONG = 60.0


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=FLAGS)
        with panel_installation(Path(place)) as service:
            photographer = Photographer(browser, service, folder)
            photographer.empty()
            photographer.full(fill(service))
            photographer.failing()
        browser.close()
    for picture in sorted(folder.glob("*.png")):
        print(picture)


class Photographer:
    """Takes each picture in both languages."""

    def __init__(self, browser: Browser, service: Running, folder: Path) -> None:
        self._browser, self._service, self._folder = browser, service, folder

    @contextmanager
    def _studio(self, lang: str) -> Iterator[Studio]:
        context = self._browser.new_context(
            viewport={"width": 1280, "height": 800}, locale=lang, timezone_id="America/Mexico_City"
        )
        yield Studio(context.new_page(), self._service, lang)
        context.close()

    def _take(self, studio: Studio, name: str, path: str | None = None) -> None:
        if path is not None:
            studio.open(path)
        expect(studio.panel.locator("h2").first).to_be_visible()
        expect(studio.panel.locator("[aria-busy]")).to_have_count(0)
        studio.page.wait_for_timeout(400)
        studio.page.screenshot(path=self._folder / f"{name}-{studio.lang}.png")

    def empty(self) -> None:
        for lang in LANGUAGES:
            with self._studio(lang) as studio:
                for name, path in (*SCREENS, ("new", "/campaigns/new")):
                    self._take(studio, f"{name}-empty", path)

    def full(self, made: dict[str, int]) -> None:
        for lang in LANGUAGES:
            with self._studio(lang) as studio:
                for name, path in SCREENS:
                    self._take(studio, f"{name}-full", path)
                for name in ("completed", "running", "refused", "in_doubt"):
                    self._take(studio, f"campaign-{name}", f"/campaigns/{made[name]}")
                studio.panel.locator("oc-recipients tbody a").first.click()
                self._take(studio, "story")
                for step in ("message", "recipients", "pace", "review"):
                    self._take(studio, f"new-{step}", f"/campaigns/{made['draft']}/edit/{step}")

    def failing(self) -> None:
        for lang in LANGUAGES:
            with self._studio(lang) as studio:
                studio.log_in(EDITOR)
                self._take(studio, "opt-outs-read-only", "/opt-outs")
                studio.page.evaluate("localStorage.removeItem('bp/token')")
                studio.open("/campaigns")
                expect(studio.panel.locator(".notice").first).to_be_visible()
                studio.page.screenshot(path=self._folder / f"session-ended-{lang}.png")
        self._service.installed.data.add_channel({"enabled": True, "apiKey": "abcd1234"})
        for lang in LANGUAGES:
            with self._studio(lang) as studio:
                self._take(studio, "health-failing", "/health")


def fill(service: Running) -> dict[str, int]:
    """Campaigns in several states, and people who opted out; their ids by what they show."""
    for number in NUMBERS:
        service.ask("POST", "/opt-outs", json={"phone_number": number})
    made = {"completed": _sent(service, "Navidad 2026", people(1200))}
    service.installed.wait_for_end(made["completed"], LONG)
    service.installed.set_faults(refuse_to_share=0.4)
    made["refused"] = _sent(service, "Reactivación de clientes", people(200))
    service.installed.wait_for_end(made["refused"], LONG)
    service.installed.set_faults(reset=True)
    service.installed.set_faults(reset_before_accept_share=1.0)
    made["in_doubt"] = _sent(service, "Aviso de corte", people(3))
    service.installed.wait_for_end(made["in_doubt"], LONG)
    service.installed.set_faults(reset=True)
    made["draft"] = service.draft(name="Día de las madres", template_id="promo_navidad")
    service.upload(made["draft"], BAD.encode())
    made["running"] = _sent(service, "Buen Fin: última llamada", people(5000), batch_size=100)
    service.installed.wait(made["running"], lambda campaign: campaign.sent_count > 0)
    return made


def _sent(service: Running, name: str, csv: str, **fields: Any) -> int:
    values: dict[str, Any] = {"name": name, "batch_size": 1000, "batch_interval_ms": 5000, **fields}
    campaign_id = service.draft(template_id="promo_navidad", **values)
    service.upload(campaign_id, csv.encode())
    service.move(campaign_id, "start")
    return campaign_id


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "pictures"))
