"""Templates of every kind are filled in the panel, and what is not filled is said before anything is sent."""

from __future__ import annotations

import re

import pytest
import requests
from playwright.sync_api import FilePayload, FrameLocator, expect

from tests.support.media_files import PDF, png
from tests.support.running import Running
from tests.support.template_kinds import BY_NAME
from tests.whole.panel.studio import Studio
from tests.whole.panel.test_flow import GO_ON, drop, start

FILE = "phone_number,nombre,pedido\n4422591631,Ana,P-77\n"

LABELS = {
    "header.document": "Dirección del documento",
    "header.filename": "Nombre con que llega el documento",
    "header.latitude": "Latitud del lugar",
    "header.longitude": "Longitud del lugar",
    "header.name": "Nombre del lugar",
    "header.address": "Dirección del lugar",
    "header.image": "Dirección de la imagen",
    "header.1": "Texto de {{1}}",
    "button.0.url": "Botón «Rastrear»: final de la dirección",
    "button.1.url": "Botón «Tienda»: final de la dirección",
    "button.0.coupon_code": "Botón «Copiar código»: código",
    "button.1.coupon_code": "Botón «Copiar código»: código",
    "offer.expires_at": "La oferta vence",
    "card.0.header.image": "Tarjeta 1: Dirección de la imagen",
    "card.0.body.1": "Tarjeta 1: Texto de {{1}}",
    "card.0.button.1.url": "Tarjeta 1: Botón «Ver»: final de la dirección",
    "card.1.header.image": "Tarjeta 2: Dirección de la imagen",
    "card.1.body.1": "Tarjeta 2: Texto de {{1}}",
    "card.1.button.1.url": "Tarjeta 2: Botón «Ver»: final de la dirección",
}


def begin(studio: Studio, template: str) -> FrameLocator:
    panel = studio.open("/campaigns")
    panel.get_by_role("link", name="Nueva campaña").first.click()
    panel.get_by_label("Nombre", exact=True).fill(template)
    panel.get_by_role("radio", name=re.compile(f"^{template} ")).check()
    return panel


@pytest.mark.parametrize(
    "name",
    [
        "header_text",
        "header_document",
        "header_location",
        "url_button_in_named",
        "carousel",
        "limited_time_offer",
    ],
)
def test_a_template_is_filled_in_the_panel_and_sent(
    studio: Studio, panel_service: Running, name: str
) -> None:
    kind = BY_NAME[name]
    panel = begin(studio, str(kind.listed["name"]))
    for key, value in kind.values.items():
        if key in LABELS:
            text = value if isinstance(value, str) else value.get("text") or f"{{{{{value['column']}}}}}"
            panel.get_by_label(LABELS[key]).first.fill(text)
    studio.button(GO_ON).click()
    drop(panel, "gente.csv", FILE)
    expect(panel.get_by_text("1 listo")).to_be_visible()
    for select in panel.locator("fieldset select").all():
        if not select.input_value():
            select.select_option("pedido")
    studio.button(GO_ON).click()
    studio.button(GO_ON).click()
    expect(panel.locator(".bubble")).to_contain_text("Ana" if "{{" in str(kind.listed) else "")
    start(studio)
    expect(panel.get_by_text("Completada", exact=True)).to_be_visible()
    expect(panel.locator(".legend").first).to_contain_text("Leídos 1")


def test_what_is_missing_is_said_and_keeps_the_campaign_from_starting(studio: Studio) -> None:
    studio.refused = lambda text: "409" in text
    panel = begin(studio, "rastreo")
    panel.get_by_label(LABELS["button.0.url"]).fill("https://otra.example.com/x")
    studio.button(GO_ON).click()
    drop(panel, "gente.csv", FILE)
    expect(panel.get_by_text("1 listo")).to_be_visible()
    studio.button(GO_ON).click()
    studio.button(GO_ON).click()
    expect(panel.get_by_text("aquí va solo el final de la dirección").first).to_be_visible()
    start(studio)
    expect(panel.get_by_role("alert").filter(has_text="una dirección entera")).to_be_visible()


def test_empty_cells_get_their_text(studio: Studio, panel_service: Running) -> None:
    panel = begin(studio, "rastreo_nombrado")
    panel.get_by_label(LABELS["button.0.url"]).fill("{{pedido}}")
    studio.button(GO_ON).click()
    drop(panel, "gente.csv", FILE)
    expect(panel.get_by_text("1 listo")).to_be_visible()
    expect(panel.get_by_label("{{nombre}}").first).to_have_value("nombre")  # proposed by its name
    panel.get_by_label("Texto si {{nombre}} está vacía").fill("cliente")
    studio.button(GO_ON).click()
    expect(panel.get_by_label("Mensajes por lote")).to_be_visible()
    saved = panel_service.ask("GET", "/campaigns").json()["campaigns"][0]
    assert saved["values"] == {
        "body.nombre": {"column": "nombre", "if_empty": "cliente"},
        "button.0.url": "{{pedido}}",
    }


def test_what_the_panel_can_not_fill_is_not_offered(studio: Studio) -> None:
    panel = begin(studio, "promo_navidad")
    for name in ("clave", "alta", "catalogo"):
        expect(panel.get_by_role("radio", name=f"{name} ")).to_be_disabled()
        expect(panel.locator(".pick", has_text=name)).to_contain_text("solo por la API")


def test_a_template_is_found_by_its_text_and_by_its_category(studio: Studio) -> None:
    panel = studio.open("/campaigns")
    panel.get_by_role("link", name="Nueva campaña").first.click()
    panel.get_by_label("Buscar por nombre o texto").fill("¡te ESPERAMOS!")
    expect(panel.locator(".pick")).to_have_count(2)  # and the one for any other
    panel.get_by_role("radio", name="promo_navidad").check()
    panel.get_by_label("Buscar por nombre o texto").fill("nada de esto")
    expect(panel.get_by_role("radio", name="promo_navidad")).to_be_checked()
    panel.get_by_label("Buscar por nombre o texto").fill("")
    panel.get_by_label("Categoría").select_option("Autenticación")
    expect(panel.locator(".pick").first).to_contain_text("promo_navidad")
    expect(panel.locator(".pick", has_text="clave")).to_contain_text("solo por la API")


def test_who_cannot_be_sent_to_is_told_with_the_reason_and_judged_again(studio: Studio) -> None:
    panel = begin(studio, "aviso_pedido")
    studio.button(GO_ON).click()
    drop(
        panel,
        "gente.csv",
        "phone_number,nombre,pedido\n4422591631,Ana,P-77\n4422591632,,P-78\n4422591633,Eva,#N/D\n",
    )
    expect(panel.get_by_text("1 listo")).to_be_visible()
    expect(panel.get_by_text("2 con datos que no se pueden enviar")).to_be_visible()
    told = panel.get_by_role("region", name="A quién no se le puede enviar, y por qué")
    expect(told).to_contain_text("Está vacía una celda que el mensaje usa")
    expect(told).to_contain_text("un error o una fórmula de la hoja de cálculo")
    panel.get_by_label("Texto si {{1}} está vacía").fill("cliente")
    studio.button(GO_ON).click()
    expect(panel.get_by_label("Mensajes por lote")).to_be_visible()
    panel.get_by_role("link", name="Destinatarios").click()
    expect(panel.get_by_text("2 listos")).to_be_visible()
    expect(panel.get_by_text("1 con datos que no se pueden enviar")).to_be_visible()
    drop(panel, "mejor.csv", "phone_number,nombre,pedido\n4422591633,Eva,P-79\n")
    expect(panel.get_by_role("region", name="A quién no se le puede enviar, y por qué")).to_have_count(0)
    studio.assert_quiet()


def test_a_picture_is_uploaded_and_fetched_under_the_address_that_is_sent(studio: Studio) -> None:
    studio.refused = lambda text: "422" in text
    panel = begin(studio, "promo_botas")
    chooser = panel.locator("oc-media input[type=file]")
    chooser.set_input_files(FilePayload(name="foto.png", mimeType="image/png", buffer=b"<html>"))
    expect(panel.locator("oc-media [role=alert]")).to_contain_text("WhatsApp no admite ese archivo")
    chooser.set_input_files(FilePayload(name="hoja.pdf", mimeType="application/pdf", buffer=PDF))
    expect(panel.locator("oc-media [role=alert]")).to_contain_text("es un documento, y aquí va una imagen")
    chooser.set_input_files(FilePayload(name="botas.png", mimeType="image/png", buffer=png(400, 300)))
    link = panel.get_by_label("Dirección de la imagen")
    expect(link).to_have_value(re.compile(r"/media/[0-9a-f]{32}\.png$"))
    expect(panel.locator("oc-media [role=alert]")).to_have_count(0)
    fetched = requests.get(link.input_value(), timeout=5)
    assert (fetched.status_code, fetched.content) == (200, png(400, 300))
    studio.button(GO_ON).click()
    drop(panel, "gente.csv", FILE)
    expect(panel.get_by_text("1 listo")).to_be_visible()
    studio.button(GO_ON).click()
    studio.button(GO_ON).click()
    start(studio)
    expect(panel.get_by_text("Completada", exact=True)).to_be_visible()
