"""What a template says, read from the account's list, with a recipient's values in their places."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.message_flaws import FLAWS
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.sending.previewing import Preview, preview
from outbound_campaigns.vonage.definitions.reading import read_definition
from outbound_campaigns.vonage.message import body
from outbound_campaigns.vonage.template_text import Wording, filled, read_wording
from tests.support.template_list import LISTED

ANA = {"nombre": "Ana", "descuento": "20%"}
NOW = datetime(2026, 11, 27, tzinfo=UTC)
HEADER = [{"type": "header", "parameters": [{"type": "text", "text": "Ana"}]}]


def campaign(**changes: Any) -> Campaign:
    values: dict[str, Any] = {"template_id": "promo", "template_language": "es_MX", **changes}
    return Campaign(**values)


def codes(changes: dict[str, Any] | None = None, cells: dict[str, str] = ANA, **listed: Any) -> list[str]:
    of = {"template_components": HEADER, **(changes or {})}
    return [flaw.code for flaw in shown(campaign(**of), cells, LISTED | listed).flaws]


def shown(of: Campaign, cells: dict[str, str] = ANA, listed: dict[str, Any] = LISTED) -> Preview:
    return preview(of, cells, [read_definition(listed)], NOW)


def test_a_listed_template_is_read_into_its_parts() -> None:
    wording = read_wording(LISTED)
    assert (wording.name, wording.status, wording.category) == ("promo", "APPROVED", "MARKETING")
    assert wording.header is not None
    assert (wording.header.format, wording.placeholders, wording.buttons) == (
        "TEXT",
        ["1", "2"],
        ["Me interesa"],
    )


def test_the_recipient_reads_the_values_in_their_places() -> None:
    made = shown(campaign(template_components=HEADER))
    assert made.read is not None
    assert made.read.body == "Ana, tienes 20% de descuento. ¡Gracias, Ana!"
    assert made.read.footer == "Responde BAJA para no recibir más"
    assert made.custom == body(ResolvedTemplate("promo", "es_MX"), HEADER, None, ANA)


def test_named_placeholders_are_filled_by_their_names() -> None:
    wording = read_wording(LISTED | {"components": [{"type": "BODY", "text": "Hola {{nombre}}"}]})
    custom = body(ResolvedTemplate("promo", "es_MX"), None, {"nombre": "nombre"}, ANA)
    assert filled(wording, custom["template"]["components"]).body == "Hola Ana"


def test_a_template_is_found_by_its_name_in_either_spelling_of_its_language_or_by_its_number() -> None:
    for changes in ({"template_language": "es-mx"}, {"template_id": LISTED["id"], "template_language": "xx"}):
        made = shown(campaign(**changes))
        assert made.read is not None


def test_by_its_number_the_message_names_the_template_as_the_start_will() -> None:
    numbered = campaign(template_id=LISTED["id"], template_language="xx", template_components=HEADER)
    made = shown(numbered)
    assert made.custom == body(ResolvedTemplate("promo", "es_MX"), HEADER, None, ANA)


def test_without_the_list_the_message_is_shown_as_vonage_gets_it() -> None:
    made = preview(campaign(), ANA, None, NOW)
    assert (made.read, list(made.flaws)) == (None, [])
    assert made.custom is not None


def test_a_message_that_fits_has_no_flaws() -> None:
    assert codes() == []


@pytest.mark.parametrize(
    ("expected", "changes", "cells", "listed"),
    [
        ("missing_column", {"variables": ["nombre", "cupón"]}, ANA, {}),
        ("empty_value", {}, {"nombre": " ", "descuento": "20%"}, {}),
        ("unfit_value", {}, {"nombre": "Ana\nLuz", "descuento": "20%"}, {}),
        ("unfit_value", {}, {"nombre": "Ana     Luz", "descuento": "20%"}, {}),
        ("wrong_number_of_values", {"variables": ["nombre"]}, ANA, {}),
        ("too_long", {}, {"nombre": "a" * 600, "descuento": "20%"}, {}),
        ("template_unknown", {"template_id": "otra"}, ANA, {}),
        ("template_not_approved", {}, ANA, {"status": "PAUSED"}),
        (
            "slot_empty",
            {"template_components": None},
            ANA,
            {"components": [{"type": "HEADER", "format": "IMAGE"}, *LISTED["components"][1:]]},
        ),
    ],
)
def test_what_would_be_refused_is_told_before(
    expected: str, changes: dict[str, Any], cells: dict[str, str], listed: dict[str, Any]
) -> None:
    assert codes(changes, cells, **listed) == [expected]


@pytest.mark.parametrize("code", FLAWS)
def test_every_flaw_has_words_in_both_languages(code: str) -> None:
    spanish, english = FLAWS[code].es, FLAWS[code].en
    assert spanish != english


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.sampled_from(["id", "name", "status", "components", "language"])


@given(st.dictionaries(NAMES, JSON | st.lists(st.dictionaries(st.sampled_from(["type", "text"]), JSON))))
def test_whatever_a_list_holds_is_survived(listed: dict[str, Any]) -> None:
    wording = read_wording(listed)
    assert isinstance(wording, Wording)
    assert filled(wording, []).body == wording.body
