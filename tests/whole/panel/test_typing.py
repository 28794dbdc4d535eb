"""What a person has typed is not lost, and what went wrong is said in words that are true."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.support.site import ADMIN, EDITOR
from tests.whole.panel.studio import Studio
from tests.whole.panel.test_flow import GO_ON, begin, draft, drop

KEPT = "Aquí está lo que había escrito y no se guardó."


def test_what_was_typed_is_there_again_for_its_writer_until_it_is_saved(studio: Studio) -> None:
    panel = studio.open("/campaigns/new")
    panel.get_by_label("Nombre", exact=True).fill("A medias")
    panel = studio.open("/health")
    studio.log_in(EDITOR)
    panel = studio.open("/campaigns/new")
    expect(panel.get_by_label("Nombre", exact=True)).to_have_value("")
    studio.log_in(ADMIN)
    panel = studio.open("/campaigns/new")
    expect(panel.get_by_text(KEPT)).to_be_visible()
    expect(panel.get_by_label("Nombre", exact=True)).to_have_value("A medias")
    panel.get_by_role("radio", name="promo_navidad").check()
    studio.button(GO_ON).click()
    expect(panel.locator("input[type=file]")).to_be_attached()
    panel = studio.open("/campaigns/new")
    expect(panel.get_by_label("Nombre", exact=True)).to_have_value("")
    expect(panel.get_by_text(KEPT)).to_have_count(0)


def test_what_was_typed_can_be_discarded(studio: Studio) -> None:
    panel = draft(studio, "Con ritmo")
    panel.get_by_role("link", name="Ritmo y hora").click()
    panel.get_by_label("Mensajes por lote").fill("7")
    panel.get_by_role("link", name="Destinatarios").click()
    panel.get_by_role("link", name="Ritmo y hora").click()
    expect(panel.get_by_label("Mensajes por lote")).to_have_value("7")
    panel.get_by_role("button", name="Descartarlo").click()
    expect(panel.get_by_label("Mensajes por lote")).to_have_value("100")


def test_before_a_time_is_chosen_nothing_is_said_of_clocks(studio: Studio) -> None:
    panel = draft(studio, "Más tarde")
    panel.get_by_role("link", name="Ritmo y hora").click()
    panel.get_by_label("En la fecha y hora que yo elija").check()
    expect(panel.locator(".words")).to_have_text("Elija el día y la hora.")


@pytest.mark.parametrize(
    ("status", "said"),
    [(413, "más grande de lo que admite el servidor"), (400, "rechazó la solicitud (HTTP 400)")],
)
def test_what_a_proxy_refuses_is_said_to_be_its_refusal(studio: Studio, status: int, said: str) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=status, content_type="text/html", body="<h1>nginx</h1>")

    studio.refused = lambda text: str(status) in text
    panel = begin(studio, f"Con proxy {status}")
    studio.page.route(re.compile("upload-csv"), refuse)
    drop(panel, "grande.csv", "phone_number\n4422591631\n")
    expect(panel.get_by_role("alert").filter(has_text=said)).to_be_visible()
    expect(panel.get_by_text("se reintenta")).to_have_count(0)


def test_of_what_was_done_while_nobody_answered_it_is_said_that_nobody_knows(studio: Studio) -> None:
    panel = draft(studio, "Sin respuesta")
    studio.page.route(re.compile("/start$"), lambda route: route.abort())
    studio.refused = lambda text: "Failed to load resource" in text
    studio.button("Iniciar").click()
    studio.agree("Iniciar")
    expect(panel.get_by_text("no se sabe si la acción se hizo")).to_be_visible()
