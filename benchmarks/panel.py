"""Measures the panel's first load in a browser, as in the studio: bytes, and other hosts asked."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Response, sync_playwright

from benchmarks.databases import folder
from benchmarks.figures import Figure, Goal, command
from tests.whole.panel.conftest import FLAGS, chromium_path, panel_installation
from tests.whole.panel.studio import Studio

KILOBYTES = Goal(must=100, aim=60)
NOBODY = Goal(must=0, aim=0)


def measure(small: bool) -> Iterator[Figure]:
    with folder() as path, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=FLAGS)
        with panel_installation(path) as service:
            page = browser.new_context().new_page()
            answers: list[Response] = []
            page.on("response", lambda answer: answers.append(answer))
            panel = Studio(page, service).open("/campaigns")
            panel.locator("h2").wait_for()
            panel.locator("[aria-busy]").wait_for(state="detached")
            loaded = [answer for answer in answers if "/ui/" in answer.url]
            size = sum(len(answer.body()) for answer in loaded) / 1000
            hosts = {urlsplit(answer.url).hostname for answer in answers} - {"127.0.0.1", "localhost"}
        browser.close()
    yield Figure("panel, first load", size, "kB", KILOBYTES, note=f"{len(loaded)} requests, not compressed")
    yield Figure("panel, other hosts asked", len(hosts), "hosts", NOBODY)


if __name__ == "__main__":
    raise SystemExit(command(measure))
