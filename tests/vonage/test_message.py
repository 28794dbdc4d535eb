"""A message's body: the one shape that covers every kind of template."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vonage_messages import WhatsappCustom

from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.vonage.client_ref import client_ref
from outbound_campaigns.vonage.definitions.filling import MissingColumn
from outbound_campaigns.vonage.message import Variables, body, message

PROMO = ResolvedTemplate("promo_octubre", "es_MX")
ROW = {"nombre": "Ana", "Descuento": "20%", "foto": "https://cdn.example/a.jpg"}
IMAGE = {"type": "header", "parameters": [{"type": "image", "image": {"link": "{{ foto }}"}}]}
STOP = {
    "type": "button",
    "sub_type": "quick_reply",
    "index": 0,
    "parameters": [{"type": "payload", "payload": "STOP-{{NOMBRE}}-{{descuento}}"}],
}
CELLS = st.dictionaries(st.text(min_size=1), st.text(), max_size=4)


def components(variables: Variables, *given_: Mapping[str, Any], cells: Mapping[str, str] = ROW) -> Any:
    return body(PROMO, given_, variables, cells)["template"].get("components")


def text(value: str, **more: str) -> dict[str, str]:
    return {"type": "text", **more, "text": value}


def test_a_list_of_columns_fills_the_placeholders_in_its_order() -> None:
    assert components(["descuento", "nombre"]) == [{"type": "body", "parameters": [text("20%"), text("Ana")]}]


def test_named_placeholders_carry_their_names() -> None:
    assert components({"cliente": "nombre"}) == [
        {"type": "body", "parameters": [text("Ana", parameter_name="cliente")]}
    ]


def test_placeholders_that_are_digits_go_by_their_number() -> None:
    columns = {str(number): "nombre" for number in range(10, 1, -1)} | {"1": "descuento"}
    (filled,) = components(columns)
    assert filled["parameters"] == [text("20%")] + [text("Ana")] * 9


def test_a_digit_that_is_no_decimal_is_a_name() -> None:
    (filled,) = components({"²": "nombre"})
    assert filled["parameters"] == [text("Ana", parameter_name="²")]


def test_without_variables_all_columns_of_the_file_go_in_their_order() -> None:
    (filled,) = components(None)
    assert [parameter["text"] for parameter in filled["parameters"]] == list(ROW.values())


@pytest.mark.parametrize(("variables", "cells"), [([], ROW), ({}, ROW), (None, {})])
def test_a_template_without_placeholders_gets_no_components(
    variables: Variables, cells: dict[str, str]
) -> None:
    assert "components" not in body(PROMO, None, variables, cells)["template"]


def test_columns_are_found_whatever_their_case() -> None:
    (filled,) = components([" NOMBRE ", "descuento"])
    assert [parameter["text"] for parameter in filled["parameters"]] == ["Ana", "20%"]


def test_header_media_and_button_payloads_are_filled_from_the_row() -> None:
    header, texts, button = components(["nombre"], IMAGE, STOP)
    assert header["parameters"] == [{"type": "image", "image": {"link": "https://cdn.example/a.jpg"}}]
    assert texts["type"] == "body"
    assert button["parameters"] == [{"type": "payload", "payload": "STOP-Ana-20%"}]
    assert button["index"] == 0


def test_filling_leaves_the_campaigns_own_components_alone() -> None:
    before = repr((IMAGE, STOP))
    components(["nombre"], IMAGE, STOP)
    assert repr((IMAGE, STOP)) == before


def test_a_body_among_the_components_stands_in_the_place_of_variables() -> None:
    own = {"type": "body", "parameters": [text("Hola {{nombre}}")]}
    assert components(None, own) == [{"type": "body", "parameters": [text("Hola Ana")]}]


@pytest.mark.parametrize("variables", [["apellido"], {"1": "apellido"}, {"cliente": "apellido"}])
def test_a_column_that_the_file_lacks_is_named(variables: Variables) -> None:
    with pytest.raises(MissingColumn, match="apellido"):
        components(variables)


def test_a_component_that_asks_for_a_column_the_file_lacks_is_refused() -> None:
    with pytest.raises(MissingColumn, match="foto"):
        components([], IMAGE, cells={"nombre": "Ana"})


def test_a_template_is_named_with_its_language() -> None:
    template = body(PROMO, None, [], ROW)["template"]
    assert template == {"name": "promo_octubre", "language": {"policy": "deterministic", "code": "es_MX"}}


def test_a_namespace_goes_along_when_there_is_one() -> None:
    template = body(ResolvedTemplate("promo", "es", "ns_1"), None, [], ROW)["template"]
    assert template["namespace"] == "ns_1"


def test_numbers_go_as_digits_alone() -> None:
    whole = message({}, "+5214422591631", "+5215550001111", "c-1-1")
    assert (whole["to"], whole["from"]) == ("5214422591631", "5215550001111")


def test_a_client_ref_fits_into_forty_characters_whatever_the_ids() -> None:
    assert len(client_ref("abcdefgh", 2**63 - 1, 2**31 - 1)) <= 40


@given(st.lists(st.tuples(st.integers(1), st.integers(1)), unique=True, min_size=2, max_size=9))
def test_every_attempt_has_a_client_ref_of_its_own(attempts: list[tuple[int, int]]) -> None:
    assert len({client_ref("abcdefgh", *attempt) for attempt in attempts}) == len(attempts)


@pytest.mark.parametrize("variables", [None, ["nombre"], {"1": "nombre"}, {"cliente": "nombre"}])
def test_vonages_own_model_writes_the_same_message(variables: Variables) -> None:
    custom = body(PROMO, [IMAGE, STOP], variables, ROW)
    ours = message(custom, "+5214422591631", "5215550001111", "c-1-1")
    theirs = WhatsappCustom(to="5214422591631", from_="5215550001111", custom=custom, client_ref="c-1-1")
    assert ours == theirs.model_dump(by_alias=True, exclude_none=True)


@given(CELLS)
def test_any_cell_goes_out_as_it_stands_in_the_file(cells: dict[str, str]) -> None:
    filled = components(None, cells=cells) or [{"parameters": []}]
    assert [parameter["text"] for parameter in filled[0]["parameters"]] == list(cells.values())


@given(st.text(), st.text(min_size=1).filter(lambda name: not set(name) & set("{}") and name == name.strip()))
def test_a_cell_is_never_filled_a_second_time(cell: str, column: str) -> None:
    payload = {"type": "button", "parameters": [{"type": "payload", "payload": "{{" + column + "}}"}]}
    (button,) = components([], payload, cells={column: cell + "{{otro}}"})
    assert button["parameters"][0]["payload"] == cell + "{{otro}}"


@given(st.dictionaries(st.text(), st.just("nombre"), max_size=5))
def test_any_names_of_placeholders_fill_one_parameter_each(variables: dict[str, str]) -> None:
    filled = components(variables) or [{"parameters": []}]
    assert len(filled[0]["parameters"]) == len(variables)
