"""How the panel responds to a bot of 500 campaigns, one of them with a million recipients.

    python -m tests.whole.panel.large [RECIPIENTS]

Prints, for each thing that an operator does, how long it took until it was shown, in milliseconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import NewCampaign
from tests.support.running import Running
from tests.support.site import BOT
from tests.whole.panel.conftest import FLAGS, chromium_path, panel_installation
from tests.whole.panel.studio import Studio
from tests.whole.panel.test_flow import people

CAMPAIGNS = 500
TIMES = 5


def main(recipients: int) -> None:
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=FLAGS)
        with panel_installation(Path(place)) as service:
            campaign_id = fill(service, recipients)
            studio = Studio(browser.new_context().new_page(), service)
            measure(studio, campaign_id, recipients)
        browser.close()


def fill(service: Running, recipients: int) -> int:
    with service.installed.database.write() as session:
        now = service.installed.database.now(session)
        for number in range(CAMPAIGNS - 1):
            new = NewCampaign(BOT, f"Campaña {number}", "promo_navidad")
            campaign_rows.create(session, new, now)
    large = service.draft(name="Un millón")
    service.upload(large, people(recipients).encode())
    return large


def measure(studio: Studio, campaign_id: int, recipients: int) -> None:
    panel = studio.open("/campaigns")
    rows, cards = panel.locator("oc-recipients tbody tr"), panel.locator(".card")
    with told("first look at the list"):
        studio.open("/campaigns")
        expect(cards).to_have_count(50)
    for more in (100, 150, 200):
        with told(f"list, {more} campaigns"):
            panel.get_by_role("button", name="Ver más campañas").click()
            expect(cards).to_have_count(more)
    with told("search by name"):
        panel.get_by_label("Buscar por nombre").fill("millón")
        expect(cards).to_have_count(1)
    with told("open the campaign"):
        studio.open(f"/campaigns/{campaign_id}")
        expect(rows).to_have_count(50)
    for page in range(2, 2 + TIMES):
        before = rows.first.inner_text()
        with told(f"page {page}"):
            panel.locator("oc-recipients").get_by_role("button", name="Siguientes").click()
            expect(rows.first).not_to_have_text(before)
    with told("search by number"):
        panel.get_by_label("Buscar por número").fill(f"442{3_000_000 + recipients - 1:07d}")
        expect(rows).to_have_count(1)


@contextmanager
def told(what: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    print(f"{what:26} {(time.perf_counter() - began) * 1000:7.0f} ms", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
