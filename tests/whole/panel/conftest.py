"""A real chromium over the whole running service, with a WhatsApp account whose templates are known."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.support.ports import free_port
from tests.support.receipt_bodies import API_KEY, SECRET
from tests.support.running import Running, running
from tests.support.site import BOT
from tests.support.tables import sqlite_in
from tests.support.template_kinds import KINDS
from tests.whole.panel.studio import Studio

WABA = "100000000000001"
TEMPLATES = [
    {
        "id": "200000000000001",
        "name": "promo_navidad",
        "language": "es_MX",
        "status": "APPROVED",
        "category": "MARKETING",
        "components": [
            {"type": "BODY", "text": "Hola {{1}}: {{2}}. ¡Te esperamos!"},
            {"type": "FOOTER", "text": "Responda BAJA para no recibir más"},
        ],
    },
    *(kind.listed for kind in KINDS),
]
PRICES = {"currency": "USD", "countries": {"MX": 0.03}}
ACCOUNT = {"api_key": API_KEY, "api_secret": "s3cret-of-the-account", "signature_secret": SECRET}
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server"]

expect.set_options(timeout=20_000)

MakeStudio = Callable[..., Studio]


def chromium_path() -> str | None:
    """Debian's own."""
    return shutil.which("chromium")


# A module's, since Playwright keeps an event loop running in the thread of the tests as long as it lives.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Without one, skips except in CI."""
    path = chromium_path()
    if path is None:
        if os.environ.get("CI") == "true":
            raise FileNotFoundError("chromium is missing: apt-get install chromium")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def panel_installation(folder: Path, public_port: int | None = None) -> Iterator[Running]:
    """A running service with receipts, which come to `public_port` where that is not its own, and a WhatsApp
    account whose templates are known."""
    port = free_port()
    settings = {"OUTBOUND_PORT": str(port), "EXTERNAL_URL": f"http://127.0.0.1:{public_port or port}"}
    simulator: dict[str, Any] = {
        "accounts": [ACCOUNT],
        "wabas": [{"id": WABA, "templates": TEMPLATES}],
        "receipts": {"on": True, "delay_min": 0.01, "delay_max": 0.1, "read_share": 1.0},
    }
    with running(folder, sqlite_in(folder), settings, **simulator) as made:
        content = {
            "senderNumber": "5215550001111",
            "messagesPerSecond": 200,
            "wabaId": WABA,
            "prices": PRICES,
        }
        made.installed.data.write(f"bots/{BOT}/config/outbound-campaigns.json", content)
        yield made


@pytest.fixture(scope="module")
def panel_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with panel_installation(tmp_path_factory.mktemp("panel")) as made:
        yield made


@pytest.fixture(scope="module")
def studio_kind() -> type[Studio]:
    return Studio


@pytest.fixture
def make_studio(chromium: Browser, panel_service: Running, studio_kind: type[Studio]) -> Iterator[MakeStudio]:
    """Opens studios, each in a browser context of its own; at the end none of them complained."""
    made: list[Studio] = []

    def make(lang: str = "es", width: int = 1280, height: int = 800, scale: float = 1.0) -> Studio:
        context = chromium.new_context(
            viewport={"width": int(width / scale), "height": int(height / scale)},
            device_scale_factor=scale,
            locale=lang,
            timezone_id="America/Mexico_City",
            accept_downloads=True,
        )
        made.append(studio_kind(context.new_page(), panel_service, lang))
        return made[-1]

    yield make
    for studio in made:
        studio.page.context.close()
        studio.assert_quiet()


@pytest.fixture
def studio(make_studio: MakeStudio) -> Studio:
    return make_studio()
