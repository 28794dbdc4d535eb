"""The whole way of a campaign through the panel, by mouse, as an operator goes it."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from playwright.sync_api import FilePayload, FrameLocator, expect

from tests.support.workbooks import xlsx
from tests.whole.panel.module_studio import panel_service, service_behind, studio_kind
from tests.whole.panel.studio import Studio

__all__ = ["panel_service", "service_behind", "studio_kind"]

BRIEF = "phone_number,var1,var2\n4422591631,Juan,Promoción Navidad\n4421234567,María,Descuento Especial\n"
BAD = "phone_number,var1,var2\n123,Nadie,x\n4422591631,Otra vez,x\n5.2E+11,Excel,x\n4429999999,Ana,Regalo\n"
GO_ON = "Guardar y continuar"


def begin(studio: Studio, name: str) -> FrameLocator:
    """The first step: name and template."""
    panel = studio.open("/campaigns")
    panel.get_by_role("link", name="Nueva campaña").first.click()
    panel.get_by_label("Nombre", exact=True).fill(name)
    panel.get_by_role("radio", name="promo_navidad").check()
    studio.button(GO_ON).click()
    return panel


def drop(panel: FrameLocator, name: str, text: str | bytes) -> None:
    content = text if isinstance(text, bytes) else text.encode()
    file = FilePayload(name=name, mimeType="text/csv", buffer=content)
    panel.locator("oc-drop input[type=file]").set_input_files(file)


def draft(studio: Studio, name: str, csv: str = BRIEF, size: str = "100", each: str = "1") -> FrameLocator:
    """A draft up to its review."""
    panel = begin(studio, name)
    drop(panel, "clientes.csv", csv)
    expect(panel.get_by_text("listo").first).to_be_visible()
    studio.button(GO_ON).click()
    panel.get_by_label("Mensajes por lote").fill(size)
    panel.get_by_label("Cada").fill(each)
    panel.get_by_label("Unidad").select_option("s")
    studio.button(GO_ON).click()
    expect(panel.locator(".phone")).to_be_visible()
    return panel


def test_letters_that_were_read_wrongly_are_read_again_in_another_encoding(studio: Studio) -> None:
    panel = begin(studio, "Acentos")
    drop(panel, "clientes.csv", 'phone_number,var1,var2\n4422591631,"=""Õ""",ÕÆ\n'.encode("cp850"))
    expect(panel.get_by_text("¿Se leen bien los acentos?")).to_be_visible()
    expect(panel.get_by_text("En 1 fila se quitó lo que otro programa había agregado")).to_be_visible()
    panel.get_by_label("¿Se leen bien los acentos?").select_option(label="MS-DOS")
    expect(panel.get_by_text("Õ · ÕÆ")).to_be_visible()
    expect(panel.get_by_text("1 listo")).to_be_visible()
    expect(panel.get_by_role("region", name="clientes.csv")).to_have_count(1)


def test_which_sheet_of_a_workbook_is_asked(studio: Studio) -> None:
    studio.refused = lambda text: "422" in text
    panel = begin(studio, "Hojas")
    header = ["Celular", "var1", "var2"]
    north, south = [[4425557201, "Ana", "Regalo"]], [[4425557202, "Eva", "a"], [4425557203, "Luz", "b"]]
    drop(panel, "clientes.xlsx", xlsx({"Norte": [header, *north], "Sur": [header, *south]}))
    expect(panel.get_by_text("El libro tiene varias hojas con datos: Norte, Sur.")).to_be_visible()
    panel.get_by_label("¿Qué hoja tiene los destinatarios?").select_option(label="Sur")
    expect(panel.get_by_text("2 listos")).to_be_visible()
    panel.get_by_label("¿Qué hoja tiene los destinatarios?").select_option(label="Norte")
    expect(panel.get_by_text("1 listo", exact=True)).to_be_visible()
    expect(panel.get_by_role("region", name="clientes.xlsx")).to_have_count(1)


def test_which_column_has_the_numbers_is_asked_where_it_is_not_clear(studio: Studio) -> None:
    studio.refused = lambda text: "422" in text
    panel = begin(studio, "Columnas")
    drop(panel, "dos.csv", "Celular,Móvil,var1,var2\n4425557101,4425557102,Ana,Regalo\n")
    expect(panel.get_by_text("Hay varias columnas que pueden tener los números")).to_be_visible()
    panel.get_by_label("¿Qué columna tiene los números?").select_option(label="Móvil")
    expect(panel.get_by_text("1 listo")).to_be_visible()
    expect(panel.get_by_role("cell", name="+5214425557102")).to_be_visible()
    expect(panel.get_by_role("region", name="dos.csv")).to_have_count(1)


def start(studio: Studio) -> None:
    studio.button("Iniciar").click()
    studio.agree("Iniciar")


def people(count: int) -> str:
    rows = (f"442{number:07d},Nombre {number},Promo\n" for number in range(3_000_000, 3_000_000 + count))
    return "phone_number,var1,var2\n" + "".join(rows)


def test_a_campaign_goes_from_a_file_to_its_end(studio: Studio, tmp_path: Path) -> None:
    panel = begin(studio, "Navidad")
    drop(panel, "clientes.csv", BRIEF)
    expect(panel.get_by_text("2 listos")).to_be_visible()
    drop(panel, "malo.csv", BAD)
    expect(panel.get_by_text("2 rechazados")).to_be_visible()
    expect(panel.get_by_text("1 repetido")).to_be_visible()
    with studio.page.expect_download() as download:
        panel.get_by_role("button", name="Descargar las 3 filas con su motivo").click()
    errors = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "5.2E+11" in errors
    studio.button(GO_ON).click()
    expect(panel.get_by_text("enviar a 3 personas toma")).to_be_visible()
    studio.button(GO_ON).click()
    expect(panel.locator(".bubble")).to_contain_text("Hola Juan: Promoción Navidad. ¡Te esperamos!")
    studio.button("Iniciar").click()
    expect(panel.get_by_role("dialog")).to_contain_text("Se enviará a 3 personas.")
    studio.agree("Iniciar")
    expect(panel.get_by_text("Completada")).to_be_visible()
    expect(panel.locator(".legend").first).to_contain_text("Leídos 3")
    with studio.page.expect_download() as download:
        studio.button("Exportar todos").click()
    exported = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(exported.splitlines()) == 4
    assert "+5214422591631,Juan,Promoción Navidad,read" in exported


def test_a_wrong_file_is_taken_out_again(studio: Studio) -> None:
    panel = begin(studio, "Equivocada")
    drop(panel, "malo.csv", BAD)
    expect(panel.get_by_text("2 listos")).to_be_visible()
    studio.button("Retirar este archivo").click()
    expect(panel.locator(".file")).to_have_count(0)
    expect(studio.button(GO_ON)).to_be_disabled()


def test_a_file_that_is_none_is_refused_in_words_where_it_was_dropped(studio: Studio) -> None:
    studio.refused = lambda text: "422" in text
    panel = begin(studio, "Un PDF")
    drop(panel, "carta.pdf", "%PDF-1.7 nothing")
    expect(panel.get_by_role("alert").last).to_contain_text("PDF")


def test_it_is_paused_resumed_and_cancelled_with_what_will_happen_said_before(studio: Studio) -> None:
    panel = draft(studio, "Larga", people(300), size="10", each="2")
    start(studio)
    expect(panel.get_by_text("En marcha", exact=True)).to_be_visible()
    studio.button("Pausar").click()
    expect(panel.get_by_text("En pausa", exact=True)).to_be_visible()
    studio.button("Reanudar").click()
    expect(panel.get_by_text("En marcha", exact=True)).to_be_visible()
    studio.button("Cancelar campaña").click()
    dialog = panel.get_by_role("dialog")
    expect(dialog).to_contain_text("personas en espera no recibirán nada")
    expect(dialog).to_contain_text("ya salieron y no se pueden retirar")
    dialog.get_by_role("button", name="No, volver").click()
    expect(panel.get_by_text("En marcha", exact=True)).to_be_visible()
    studio.button("Cancelar campaña").click()
    studio.agree("Cancelar campaña")
    expect(panel.get_by_text("Cancelada", exact=True)).to_be_visible()


def test_it_is_scheduled_for_a_time_in_a_zone_and_back(studio: Studio) -> None:
    panel = draft(studio, "Programada")
    panel.get_by_role("link", name="Ritmo y hora").click()
    panel.get_by_label("En la fecha y hora que yo elija").check()
    panel.get_by_label("Fecha y hora", exact=True).fill("2099-12-24T09:30")
    panel.get_by_label("Zona horaria").select_option("America/Bogota")
    studio.button(GO_ON).click()
    studio.button("Programar").click()
    expect(panel.get_by_role("dialog")).to_contain_text("9:30")
    studio.agree("Programar")
    expect(panel.get_by_text("Programada", exact=True).last).to_be_visible()
    studio.button("Quitar programación").click()
    expect(panel.get_by_text("Borrador", exact=True)).to_be_visible()


def test_the_cost_is_told_before_and_a_limit_holds(studio: Studio) -> None:
    panel = draft(studio, "Con límite")
    expect(panel.locator(".figures")).to_contain_text("0.06")
    panel.get_by_role("link", name="Ritmo y hora").click()
    panel.get_by_text("Más opciones").click()
    panel.get_by_label("Límite de gasto", exact=False).first.fill("0.05")
    studio.button(GO_ON).click()
    studio.button("Iniciar").click()
    expect(panel.get_by_role("dialog")).to_contain_text("Costo estimado")
    studio.agree("Iniciar")
    expect(panel.get_by_text("En pausa", exact=True)).to_be_visible()
    expect(panel.locator(".notice").get_by_text("El límite de gasto, 0.05 USD")).to_be_visible()
    expect(panel.locator(".figures")).to_contain_text("Gastado")


def test_a_canary_goes_first_and_its_result_is_awaited_in_words(studio: Studio) -> None:
    url = f"{studio.service.installed.simulator}/_simulator/receipts"
    requests.post(url, json={"delay_min": 2.0, "delay_max": 3.0}, timeout=10).raise_for_status()
    panel = draft(studio, "Con prueba inicial", people(20))
    panel.get_by_role("link", name="Ritmo y hora").click()
    panel.get_by_text("Más opciones").click()
    panel.get_by_role("spinbutton", name="Prueba inicial").fill("5")
    studio.button(GO_ON).click()
    start(studio)
    expect(panel.get_by_text("Prueba inicial: se envió primero a 5")).to_be_visible()
    requests.post(url, json={"delay_min": 0.01, "delay_max": 0.1}, timeout=10).raise_for_status()
    expect(panel.get_by_text("Completada", exact=True)).to_be_visible()
    expect(panel.get_by_text("La prueba inicial salió bien")).to_be_visible()


def test_the_failed_are_explained_exported_and_tried_again(studio: Studio) -> None:
    studio.service.installed.set_faults(refuse_to_share=1.0)
    panel = draft(studio, "Fallida")
    start(studio)
    expect(panel.get_by_text("Vonage no acepta el número de este destinatario.").first).to_be_visible()
    studio.service.installed.set_faults(reset=True)
    with studio.page.expect_download() as download:
        studio.button("Exportar fallidos").click()
    assert "http_422_to" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    studio.button("Reintentar fallidos").click()
    dialog = panel.get_by_role("dialog")
    expect(dialog).to_contain_text("No conviene: por esta causa tampoco lo recibirían.")
    expect(dialog.get_by_role("button", name="Reintentar fallidos")).to_be_disabled()
    dialog.get_by_role("checkbox", name="2 · Vonage no acepta el número").check()
    studio.agree("Reintentar fallidos")
    expect(panel.get_by_text("Completada", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("answer", "status"), [("Sí salió", "Enviado:"), ("No salió: enviarlo ahora", "Leído:")]
)
def test_a_row_in_doubt_tells_its_story_and_is_settled(studio: Studio, answer: str, status: str) -> None:
    panel = draft(studio, f"En duda, {answer}", people(1))
    studio.service.installed.set_faults(reset_before_accept_share=1.0)
    start(studio)
    expect(panel.locator(".legend").first).to_contain_text("En duda 1")
    studio.service.installed.set_faults(reset=True)
    panel.get_by_role("link", name="+5214423000000").click()
    story = panel.get_by_role("dialog")
    expect(story).to_contain_text("No se sabe si salió")
    expect(story).to_contain_text("Nombre 3000000")
    studio.button(answer).click()
    # The dialog shrinks once it is settled, and its buttons move.
    expect(story.get_by_role("button", name=answer)).to_have_count(0)
    studio.button("Cerrar").click()
    panel.get_by_role("link", name="+5214423000000").click()
    expect(panel.get_by_role("dialog")).to_contain_text(status)


def test_what_vonage_does_not_know_is_found_out_and_sent_again(studio: Studio) -> None:
    panel = draft(studio, "Conciliada", people(1))
    studio.service.installed.set_faults(reset_before_accept_share=1.0)
    start(studio)
    studio.button("Conciliar con Vonage").click()
    studio.service.installed.set_faults(reset=True)
    expect(panel.get_by_role("dialog")).to_contain_text("Vonage cobra por cada registro")
    studio.agree("Conciliar con Vonage")
    expect(panel.get_by_text("Se está consultando a Vonage.")).to_be_visible()
    expect(panel.get_by_text("Se concilió con Vonage")).to_be_visible()


def test_it_is_duplicated_and_deleted(studio: Studio) -> None:
    panel = draft(studio, "Original")
    panel.get_by_role("link", name="← Todas las campañas").click()
    panel.get_by_label("Buscar por nombre").fill("Original")
    expect(panel.locator(".card")).to_have_count(1)
    campaign_id = int(panel.locator(".card a").get_attribute("href").split("/")[2])  # type: ignore[union-attr]
    studio.open(f"/campaigns/{campaign_id}")
    studio.button("Duplicar").click()
    expect(panel.get_by_role("heading", name="Original (2)")).to_be_visible()
    studio.open(f"/campaigns/{campaign_id}")
    studio.button("Eliminar").click()
    expect(panel.get_by_role("dialog")).to_contain_text("Se borrará con 2 destinatarios.")
    studio.agree("Eliminar")
    panel.get_by_label("Buscar por nombre").fill("Original")
    expect(panel.locator(".card")).to_have_count(1)


def test_people_opt_out_by_hand_by_file_and_back(studio: Studio) -> None:
    panel = studio.open("/opt-outs")
    panel.get_by_label("Número", exact=True).fill("442 555 0101")
    studio.button("Agregar").click()
    expect(panel.get_by_text("Se agregó 1 persona.")).to_be_visible()
    drop(panel, "bajas.csv", "phone_number\n4425550102\n4425550103\nnadie\n")
    expect(panel.get_by_text("Se agregaron 2 personas.")).to_be_visible()
    expect(panel.get_by_text("Fila 4")).to_be_visible()
    panel.get_by_label("Buscar por número").fill("0102")
    expect(panel.get_by_role("row", name="+5214425550102")).to_be_visible()
    expect(panel.locator("tbody tr")).to_have_count(1)
    panel.get_by_role("button", name="Quitar la baja").click()
    studio.agree("Quitar la baja")
    expect(panel.get_by_text("No hay bajas que mostrar.")).to_be_visible()


def test_the_health_of_the_bot_is_told_in_words(studio: Studio) -> None:
    panel = studio.open("/health")
    expect(panel.get_by_text("Todo listo para enviar.")).to_be_visible()


def test_a_test_message_arrives_at_the_operators_own_number(studio: Studio) -> None:
    panel = draft(studio, "De prueba")
    panel.get_by_label("Enviar una prueba a este número").fill("442 555 0177")
    studio.button("Enviar prueba").click()
    expect(panel.get_by_text("Vonage aceptó la prueba para +5214425550177.")).to_be_visible()
    assert studio.service.installed.accepted()["5214425550177"] == 1


def test_recipients_are_found_by_number_and_by_status_page_by_page(studio: Studio) -> None:
    panel = draft(studio, "De muchos", people(120), size="1000")
    start(studio)
    expect(panel.get_by_text("Completada", exact=True)).to_be_visible()
    expect(panel.locator("oc-recipients tbody tr")).to_have_count(50)
    for rows in (50, 20):
        panel.locator("oc-recipients").get_by_role("button", name="Siguientes").click()
        expect(panel.locator("oc-recipients tbody tr")).to_have_count(rows)
    panel.get_by_label("Buscar por número").fill("442 300 0077")
    expect(panel.locator("oc-recipients tbody tr")).to_have_count(1)
    panel.get_by_label("Buscar por número").fill("")
    panel.locator("oc-recipients").get_by_role("combobox").select_option("failed")
    expect(panel.get_by_text("Nadie coincide con la búsqueda.")).to_be_visible()
