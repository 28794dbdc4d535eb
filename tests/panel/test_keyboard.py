"""The same way by keyboard alone: everything that a mouse does, Tab, Enter, Space and the arrows do."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.panel.studio import Studio
from tests.panel.test_flow import BRIEF

MOST_TABS = 60


def tab_to(studio: Studio, wanted: Locator) -> None:
    """Press Tab until it has the focus; whatever is passed over must show that it has it."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("node => node === node.ownerDocument.activeElement"):
            return
        studio.page.keyboard.press("Tab")
    raise AssertionError(f"not reached by Tab: {wanted}")


def press(studio: Studio, name: str, role: str = "button") -> None:
    wanted = studio.panel.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]
    expect(wanted).to_be_enabled()
    tab_to(studio, wanted)
    studio.page.keyboard.press("Enter")


def test_a_campaign_is_made_started_paused_and_cancelled_without_a_mouse(
    studio: Studio, tmp_path: Path
) -> None:
    keyboard = studio.page.keyboard
    panel = studio.open("/campaigns")
    expect(panel.get_by_role("heading", name="Campañas", exact=True)).to_be_visible()
    panel.locator("body").press("Tab")
    press(studio, "Nueva campaña", "link")
    tab_to(studio, panel.get_by_label("Nombre", exact=True))
    keyboard.type("Con teclado")
    tab_to(studio, panel.get_by_role("combobox", name="Plantilla"))
    keyboard.type("promo")
    press(studio, "Guardar y seguir")
    file = tmp_path / "clientes.csv"
    file.write_text(BRIEF, encoding="utf-8")
    expect(panel.locator("input[type=file]")).to_be_enabled()
    tab_to(studio, panel.locator("input[type=file]"))
    with studio.page.expect_file_chooser() as chooser:
        keyboard.press("Enter")
    chooser.value.set_files(file)
    expect(panel.get_by_text("2 listos")).to_be_visible()
    press(studio, "Guardar y seguir")
    tab_to(studio, panel.get_by_label("Mensajes por lote"))
    keyboard.press("Control+A")
    keyboard.type("1")
    press(studio, "Guardar y seguir")
    press(studio, "Iniciar")
    press_in_dialog(studio, "Iniciar")
    expect(panel.get_by_text("En marcha", exact=True)).to_be_visible()
    press(studio, "Pausar")
    expect(panel.get_by_text("En pausa", exact=True)).to_be_visible()
    tab_to(studio, panel.get_by_role("link", name="+5214422591631"))
    keyboard.press("Enter")
    expect(panel.get_by_role("dialog")).to_be_visible()
    keyboard.press("Escape")
    expect(panel.get_by_role("dialog")).to_have_count(0)
    press(studio, "Cancelar campaña")
    press_in_dialog(studio, "Cancelar campaña")
    expect(panel.get_by_text("Cancelada", exact=True)).to_be_visible()


def press_in_dialog(studio: Studio, name: str) -> None:
    button = studio.panel.get_by_role("dialog").get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    tab_to(studio, button)
    studio.page.keyboard.press("Enter")
