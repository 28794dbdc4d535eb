"""A poll that brings nothing new leaves the screen alone: no element is constructed, none replaced."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, expect

from tests.whole.panel.studio import Studio

COUNT_NODES = """
() => {
  window.made = [];
  for (const name of ["importNode", "createElement", "createElementNS", "createTextNode", "cloneNode"]) {
    const owner = name === "cloneNode" ? Node.prototype : Document.prototype;
    const real = owner[name];
    owner[name] = function (...of) { window.made.push(name); return real.apply(this, of); };
  }
}
"""
ASK_AT_ONCE = "() => document.dispatchEvent(new Event('visibilitychange'))"
SHOWN = "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


def panel_frame(studio: Studio) -> Frame:
    return next(frame for frame in studio.page.frames if "/ui/" in frame.url)


@pytest.mark.parametrize(
    ("path", "asked"), [("/campaigns", "/campaigns?"), ("/campaigns/{id}", "/report"), ("/health", "/status")]
)
def test_a_poll_that_changes_nothing_constructs_no_element(studio: Studio, path: str, asked: str) -> None:
    campaign_id = studio.service.draft(3, name="Sin novedades")
    panel = studio.open(path.format(id=campaign_id))
    expect(panel.locator("h2").first).to_be_visible()
    frame = panel_frame(studio)
    frame.evaluate(COUNT_NODES)
    # The first answers bring something new: the screen itself, and an engine that has just begun.
    made = [1, 1]
    while made[-2:] != [0, 0]:
        with studio.page.expect_response(lambda answer: asked in answer.url):
            frame.evaluate(ASK_AT_ONCE)
        frame.evaluate(SHOWN)
        made.append(frame.evaluate("window.made.splice(0).length"))
        assert len(made) < 20, made
