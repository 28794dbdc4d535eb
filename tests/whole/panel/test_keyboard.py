"""The same way by keyboard alone: everything that a mouse does, Tab, Enter, Space and the arrows do."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.whole.panel.studio import Studio
from tests.whole.panel.test_flow import BRIEF, draft

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
    tab_to(studio, panel.get_by_label("Buscar por nombre o texto"))
    keyboard.type("promo_navidad")
    tab_to(studio, panel.get_by_role("radio", name="promo_navidad"))
    keyboard.press("Space")
    press(studio, "Guardar y continuar")
    file = tmp_path / "clientes.csv"
    file.write_text(BRIEF, encoding="utf-8")
    expect(panel.locator("input[type=file]")).to_be_enabled()
    # Asked for before the keys, since the browser hears of it by another way than of them.
    with studio.page.expect_file_chooser() as chooser:
        tab_to(studio, panel.locator("input[type=file]"))
        keyboard.press("Enter")
    chooser.value.set_files(file)
    expect(panel.get_by_text("2 listos")).to_be_visible()
    press(studio, "Guardar y continuar")
    tab_to(studio, panel.get_by_label("Mensajes por lote"))
    keyboard.press("Control+A")
    keyboard.type("1")
    tab_to(studio, panel.get_by_label("Cada"))
    keyboard.press("Control+A")
    keyboard.type("30")
    press(studio, "Guardar y continuar")
    press(studio, "Iniciar")
    press_in_dialog(studio, "Iniciar")
    expect(panel.get_by_text("En marcha", exact=True)).to_be_visible()
    press(studio, "Pausar")
    expect(panel.get_by_text("En pausa", exact=True)).to_be_visible()
    press(studio, "Reanudar")
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


def test_what_is_done_afterwards_needs_no_mouse_either(studio: Studio, tmp_path: Path) -> None:
    studio.service.installed.set_faults(refuse_to_share=1.0)
    panel = draft(studio, "Después, con teclado")
    press(studio, "Iniciar")
    press_in_dialog(studio, "Iniciar")
    expect(panel.get_by_text("Fallida", exact=True)).to_be_visible()
    studio.service.installed.set_faults(reset=True)
    studio.service.installed.set_faults(reset_before_accept_share=1.0)
    with studio.page.expect_download():
        press(studio, "Exportar fallidos")
    press(studio, "Reintentar fallidos")
    tab_to(studio, panel.get_by_role("dialog").get_by_role("checkbox"))
    studio.page.keyboard.press("Space")
    press_in_dialog(studio, "Reintentar fallidos")
    expect(panel.locator(".legend").first).to_contain_text("En duda 2")
    studio.service.installed.set_faults(reset=True)
    press(studio, "+5214422591631", "link")
    press_in_dialog(studio, "Sí salió")
    expect(panel.get_by_role("dialog")).to_contain_text("Enviado:")
    studio.page.keyboard.press("Escape")
    press(studio, "Duplicar")
    expect(panel.get_by_role("heading", name="Después, con teclado (2)")).to_be_visible()
    press(studio, "Bajas", "link")
    tab_to(studio, panel.get_by_label("Número", exact=True))
    studio.page.keyboard.type("442 555 0188")
    studio.page.keyboard.press("Enter")
    expect(panel.get_by_text("Se agregó 1 persona.")).to_be_visible()
    press(studio, "Quitar la baja")
    press_in_dialog(studio, "Quitar la baja")
    expect(panel.get_by_text("No hay bajas que mostrar.")).to_be_visible()
    press(studio, "Salud", "link")
    expect(panel.get_by_text("Todo listo para enviar.")).to_be_visible()


def test_a_start_is_scheduled_and_taken_back_without_a_mouse(studio: Studio) -> None:
    panel = draft(studio, "Programada con teclado")
    panel.locator("body").press("Tab")
    press(studio, "3 Ritmo y hora", "link")
    tab_to(studio, panel.get_by_label("Cuando yo la inicie"))
    studio.page.keyboard.press("ArrowDown")
    tab_to(studio, panel.get_by_label("Fecha y hora", exact=True))
    panel.get_by_label("Fecha y hora", exact=True).fill("2099-12-24T09:30")
    press(studio, "Guardar y continuar")
    press(studio, "Programar")
    press_in_dialog(studio, "Programar")
    expect(panel.get_by_text("Programada", exact=True).last).to_be_visible()
    press(studio, "Quitar programación")
    expect(panel.get_by_text("Borrador", exact=True)).to_be_visible()
