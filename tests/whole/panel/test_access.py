"""For everybody: axe finds nothing serious, and neither zoom nor a narrow window hides anything."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Frame, expect

from tests.whole.panel.conftest import MakeStudio
from tests.whole.panel.studio import Studio
from tests.whole.panel.test_flow import BAD, begin, draft, drop, people, start

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
SERIOUS = ("serious", "critical")


def panel_frame(studio: Studio) -> Frame:
    return next(frame for frame in studio.page.frames if "/ui/" in frame.url)


def assert_accessible(studio: Studio) -> None:
    frame = panel_frame(studio)
    frame.evaluate(AXE)
    found: dict[str, Any] = frame.evaluate("axe.run(document)")
    serious = [
        (rule["id"], [node["html"][:120] for node in rule["nodes"]])
        for rule in found["violations"]
        if rule["impact"] in SERIOUS
    ]
    assert serious == []


def assert_nothing_hidden(studio: Studio) -> None:
    """No part of the page is wider than the window, apart from tables that scroll by themselves."""
    frame = panel_frame(studio)
    over = frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0


@pytest.mark.parametrize("path", ["/campaigns", "/campaigns/new", "/opt-outs", "/health"])
@pytest.mark.parametrize("lang", ["es", "en"])
def test_axe_finds_nothing_serious_on_the_empty_screens(
    make_studio: MakeStudio, path: str, lang: str
) -> None:
    studio = make_studio(lang=lang)
    expect(studio.open(path).locator("h2")).to_be_visible()
    expect(studio.panel.locator("[aria-busy]")).to_have_count(0)
    assert_accessible(studio)


def test_axe_finds_nothing_serious_on_the_way_of_a_campaign(studio: Studio) -> None:
    panel = begin(studio, "Accesible")
    drop(panel, "malo.csv", BAD)
    expect(panel.get_by_text("2 rechazados")).to_be_visible()
    assert_accessible(studio)
    studio.button("Guardar y continuar").click()
    expect(panel.get_by_label("Mensajes por lote")).to_be_visible()
    panel.get_by_label("En la fecha y hora que yo elija").check()
    panel.get_by_text("Más opciones").click()
    assert_accessible(studio)
    panel.get_by_label("Cuando yo la inicie").check()
    studio.button("Guardar y continuar").click()
    expect(panel.locator(".phone")).to_be_visible()
    assert_accessible(studio)
    studio.button("Iniciar").click()
    expect(panel.get_by_role("dialog")).to_be_visible()
    assert_accessible(studio)
    studio.agree("Iniciar")
    expect(panel.get_by_text("Completada", exact=True)).to_be_visible()
    assert_accessible(studio)
    panel.get_by_role("link", name="+5214422591631").click()
    expect(panel.get_by_role("dialog").get_by_text("Lo que pasó")).to_be_visible()
    assert_accessible(studio)


@pytest.mark.parametrize(("width", "scale"), [(900, 1.0), (1280, 2.0)])
def test_a_narrow_window_and_a_zoom_of_200_percent_lose_nothing(
    make_studio: MakeStudio, width: int, scale: float
) -> None:
    studio = make_studio(width=width, scale=scale)
    panel = draft(studio, f"Estrecha {width} {scale}", people(60))
    assert_nothing_hidden(studio)
    start(studio)
    expect(panel.get_by_text("Completada", exact=True)).to_be_visible()
    assert_nothing_hidden(studio)
    for path in ("/campaigns", "/campaigns/new", "/opt-outs", "/health"):
        expect(studio.open(path).locator("h2")).to_be_visible()
        assert_nothing_hidden(studio)
