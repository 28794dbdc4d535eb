"""Inside the studio: sessions that end, roles that may only look, a service that is away, texts as traps."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from tests.support.site import ADMIN, EDITOR
from tests.whole.panel.studio import Studio
from tests.whole.panel.test_flow import BAD, BRIEF, begin, draft, drop, people

ENDED = "eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6IngifQ.0000000000000000000000000000000000000000000"
TRAP = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def is_refusal(text: str) -> bool:
    """The browser's own line for an answer that is no success."""
    return text.startswith("Failed to load resource")


def test_a_token_that_ends_in_mid_form_loses_nothing_that_was_typed(studio: Studio) -> None:
    studio.refused = is_refusal
    panel = studio.open("/campaigns/new")
    panel.get_by_label("Nombre", exact=True).fill("A medio escribir")
    panel.get_by_role("radio", name="promo_navidad").check()
    studio.set_token(ENDED)
    studio.button("Guardar y continuar").click()
    expect(panel.get_by_text("Su sesión en Botpress terminó.")).to_be_visible()
    expect(panel.get_by_label("Nombre", exact=True)).to_have_value("A medio escribir")
    studio.log_in()
    expect(panel.get_by_role("heading", name="A medio escribir")).to_be_visible()
    expect(panel.get_by_text("Arrastre aquí un archivo de Excel")).to_be_visible()
    expect(panel.get_by_text("Su sesión en Botpress terminó.")).to_have_count(0)


def test_a_token_that_ends_during_an_upload_sends_the_file_after_the_login(studio: Studio) -> None:
    studio.refused = is_refusal
    panel = begin(studio, "Archivo después")
    expect(panel.get_by_text("Arrastre aquí un archivo de Excel")).to_be_visible()
    studio.set_token(ENDED)
    drop(panel, "clientes.csv", BRIEF)
    expect(panel.get_by_text("Su sesión en Botpress terminó.")).to_be_visible()
    studio.log_in(ADMIN)
    expect(panel.get_by_text("2 listos")).to_be_visible()


def test_without_a_token_it_says_so_and_goes_on_after_the_login(studio: Studio) -> None:
    studio.refused = is_refusal
    studio.page.evaluate("localStorage.removeItem('bp/token')")
    panel = studio.open("/health")
    expect(panel.get_by_text("Su sesión en Botpress terminó.")).to_be_visible()
    studio.log_in()
    expect(panel.get_by_text("Configuración de Vonage:")).to_be_visible()


def test_who_may_only_look_finds_the_buttons_off_and_the_reason(studio: Studio) -> None:
    panel = draft(studio, "Solo ver")
    campaign_id = panel.locator(".steps a").first.get_attribute("href").split("/")[2]  # type: ignore[union-attr]
    studio.log_in(EDITOR)
    for path in (f"/campaigns/{campaign_id}", f"/campaigns/{campaign_id}/edit/pace", "/opt-outs"):
        panel = studio.open(path)
        expect(panel.get_by_text("Su rol en Botpress solo permite ver")).to_be_visible()
    studio.open(f"/campaigns/{campaign_id}")
    expect(studio.button("Iniciar")).to_be_disabled()
    expect(studio.button("Exportar todos")).to_be_enabled()
    studio.open(f"/campaigns/{campaign_id}/edit/pace")
    expect(studio.button("Guardar y continuar")).to_be_disabled()


def test_a_service_that_is_away_is_said_and_comes_back_by_itself(studio: Studio) -> None:
    studio.refused = is_refusal
    panel = studio.open("/health")
    expect(panel.get_by_text("Todo listo para enviar.")).to_be_visible()
    studio.service.stop()
    panel.get_by_role("link", name="Campañas").click()
    expect(panel.get_by_text("El servicio no responde.")).to_be_visible()
    studio.service.start()
    expect(panel.get_by_role("heading", name="Campañas", exact=True)).to_be_visible()
    expect(panel.get_by_text("El servicio no responde.")).to_have_count(0)


def test_names_cells_and_reasons_stay_text_everywhere(studio: Studio) -> None:
    csv = f'phone_number,var1,"{TRAP.replace(chr(34), chr(34) * 2)}"\n4425550123,"<b>{TRAP[2:]}",x\n'
    panel = draft(studio, TRAP, csv)
    assert studio.page.evaluate("window.trapped") is None
    expect(panel.locator(".phone")).to_contain_text("<b><script>alert(1)</script>")
    campaign_id = panel.locator(".steps a").first.get_attribute("href").split("/")[2]  # type: ignore[union-attr]
    installed = studio.service.installed
    with installed.database.write() as session:
        why = {"code": "campaign_trouble", "answer": "1022", "detail": TRAP}
        act = Act(TRAP, installed.database.now(session), why)
        campaign_rows.record_event(session, int(campaign_id), "change", act)
    panel = studio.open(f"/campaigns/{campaign_id}")
    expect(panel.get_by_text('Vonage dijo: «"><script>alert(1)')).to_be_visible()
    panel.get_by_role("link", name="+5214425550123").click()
    expect(panel.get_by_role("dialog")).to_contain_text("<img src=x onerror=alert(1)>")
    studio.open("/campaigns")
    expect(panel.get_by_text(TRAP).first).to_be_visible()
    assert panel.locator("main img, main script").count() == 0


def test_the_page_forbids_inline_script_and_other_hosts(studio: Studio) -> None:
    answer = studio.page.request.get(f"{studio.service.url}/ui/")
    policy = answer.headers["content-security-policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert (rules["default-src"], rules["script-src"], rules["connect-src"]) == ("'none'", "'self'", "'self'")
    assert rules["frame-ancestors"] == "'self'"
    assert "unsafe" not in policy


def test_the_focus_and_what_is_typed_stay_while_it_polls(studio: Studio) -> None:
    panel = draft(studio, "Sin parpadeo", people(60), size="10", each="1")
    studio.button("Iniciar").click()
    studio.agree("Iniciar")
    expect(panel.get_by_text("En marcha", exact=True)).to_be_visible()
    search = panel.get_by_label("Buscar por número")
    search.press_sequentially("30", delay=700)
    expect(search).to_be_focused()
    expect(search).to_have_value("30")
    expect(panel.get_by_text("Completada", exact=True)).to_be_visible()
    expect(search).to_be_focused()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_it_speaks_the_language_of_its_address_in_every_word(make_studio: object, lang: str) -> None:
    studio: Studio = make_studio(lang=lang)  # type: ignore[operator]
    for path in ("/campaigns", "/campaigns/new", "/opt-outs", "/health"):
        panel = studio.open(path)
        expect(panel.locator("h2")).to_be_visible()
        assert panel.locator("html").get_attribute("lang") == lang
        # A sentence that is missing would show its name.
        assert panel.locator("body").inner_text().count("campaigns.") == 0


@pytest.mark.parametrize("path", ["/campaigns/{}", "/opt-outs"])
def test_who_may_write_is_asked_until_it_is_known(studio: Studio, path: str) -> None:
    studio.refused = is_refusal
    asked = 0

    def fail_at_first(route: Route) -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            route.abort()
        else:
            route.continue_()

    place = path.format(studio.service.draft(1))
    studio.page.route("**/mod/outbound-campaigns/status", fail_at_first)
    studio.log_in(EDITOR)
    panel = studio.open(place)
    expect(panel.get_by_text("Su rol en Botpress solo permite ver")).to_be_visible()
    assert asked > 1


def test_a_file_of_refused_rows_that_does_not_come_is_said_where_it_was_asked_for(studio: Studio) -> None:
    studio.refused = is_refusal
    panel = begin(studio, "Sin errores.csv")
    drop(panel, "malo.csv", BAD)
    expect(panel.get_by_text("2 rechazados")).to_be_visible()
    studio.page.route("**/errors.csv", lambda route: route.abort())
    panel.get_by_role("button", name="Descargar las 2 filas con su motivo").click()
    expect(panel.get_by_role("alert").last).to_contain_text("El servicio no responde.")
