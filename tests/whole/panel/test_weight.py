"""What the first look costs: bytes, requests, and nothing that moves after it is shown."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response, expect

from tests.whole.panel.studio import Studio

MOST_BYTES = 100_000

SHIFT = """
() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value)))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => resolve(sum), 500);
})
"""


@pytest.mark.parametrize("path", ["/campaigns", "/health"])
def test_the_first_load_is_light_and_stays_where_it_is(studio: Studio, path: str) -> None:
    answers: list[Response] = []
    studio.page.on("response", lambda answer: answers.append(answer))
    panel = studio.open(path)
    expect(panel.locator("h2")).to_be_visible()
    expect(panel.locator("[aria-busy]")).to_have_count(0)
    sizes = {answer.url: len(answer.body()) for answer in answers if "/ui/" in answer.url}
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    frame = next(frame for frame in studio.page.frames if "/ui/" in frame.url)
    assert frame.evaluate(SHIFT) == 0
