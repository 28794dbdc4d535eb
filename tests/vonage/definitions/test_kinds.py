"""Every kind of template is a form: what fills its slots makes the message that Meta wants."""

from datetime import UTC, datetime

import pytest

from outbound_campaigns.vonage.definitions.by_components import filling_of
from outbound_campaigns.vonage.definitions.composing import components
from outbound_campaigns.vonage.definitions.filling import Filling, MissingColumn, Value, read_filling
from outbound_campaigns.vonage.definitions.judging import Problem, problems
from outbound_campaigns.vonage.definitions.proposing import proposal
from outbound_campaigns.vonage.definitions.reading import read_definition
from tests.support.template_kinds import BY_NAME, CELLS, KINDS, MULTI_PRODUCT, Kind, body, buttons, listed

ZONE = "America/Mexico_City"
NOW = datetime(2026, 11, 27, tzinfo=UTC)
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def found(kind: Kind, values: dict[str, object] | None = None) -> list[Problem]:
    filling = read_filling(kind.values if values is None else values)
    return list(problems(read_definition(kind.listed), filling, list(CELLS), ZONE, NOW))


def codes(kind: Kind, values: dict[str, object]) -> list[tuple[str, str | None]]:
    return [(one.code, one.slot) for one in found(kind, values)]


@EVERY_KIND
def test_its_slots_filled_make_the_message(kind: Kind) -> None:
    definition, filling = read_definition(kind.listed), read_filling(kind.values)
    assert components(definition, filling.texts(CELLS), ZONE) == kind.components
    assert found(kind) == []


@EVERY_KIND
def test_its_message_given_by_a_program_is_read_into_the_same_slots(kind: Kind) -> None:
    definition = read_definition(kind.listed)
    filling, wrong = filling_of(definition, None, kind.components, list(CELLS))
    assert wrong == []
    assert list(problems(definition, filling, list(CELLS), ZONE, NOW)) == []
    assert (
        kind.name == "flow"
        or kind.name == "catalogue"
        or (components(definition, filling.texts({}), ZONE) == kind.components)
    )


@EVERY_KIND
def test_each_slot_that_is_needed_is_missed(kind: Kind) -> None:
    slots = read_definition(kind.listed).slots
    assert [slot.key for slot in slots if slot.is_required] == [
        problem.slot for problem in found(kind, {}) if problem.code == "slot_empty"
    ]


@EVERY_KIND
def test_a_slot_that_is_not_there_is_named(kind: Kind) -> None:
    assert ("unknown_slot", "body.otro") in codes(kind, {**kind.values, "body.otro": "x"})


@EVERY_KIND
def test_a_column_that_is_not_there_is_named(kind: Kind) -> None:
    for key in kind.values:
        wrong = codes(kind, {**kind.values, key: {"column": "Otra"}})
        assert ("missing_column", key) in wrong
    if kind.values:
        with pytest.raises(MissingColumn):
            read_filling(kind.values).texts({})


@pytest.mark.parametrize(
    ("name", "slot", "value", "code"),
    [
        ("url_button", "button.0.url", "https://otra.example.com/x", "whole_address"),
        ("url_button", "button.0.url", "HTTP://otra.example.com/{{pedido}}", "whole_address"),
        ("carousel", "card.0.button.1.url", "www.example.com", "whole_address"),
        ("header_image", "header.image", "botas.jpg", "not_a_link"),
        ("header_image", "header.image", "ftp://example.com/botas.jpg", "not_a_link"),
        ("header_document", "header.document", "estado de cuenta", "not_a_link"),
        ("carousel", "card.1.header.image", "//example.com/x.jpg", "not_a_link"),
        ("header_location", "header.latitude", "norte", "not_degrees"),
        ("header_location", "header.latitude", "91", "not_degrees"),
        ("header_location", "header.longitude", "181", "not_degrees"),
        ("header_location", "header.longitude", "nan", "not_degrees"),
        ("copy_code", "button.1.coupon_code", "X" * 21, "slot_too_long"),
        ("limited_time_offer", "button.0.coupon_code", "X" * 16, "slot_too_long"),
        ("limited_time_offer", "offer.expires_at", "2026-11-26T00:00", "offer_expired"),
        ("limited_time_offer", "offer.expires_at", "mañana", "not_a_time"),
        ("authentication", "code", "1" * 16, "slot_too_long"),
        ("body_numbered", "body.1", "dos\nlíneas", "unfit_value"),
        ("body_named", "body.folio", "a     b", "unfit_value"),
        ("header_text", "header.1", "x" * 61, "slot_too_long"),
        ("body_numbered", "body.1", "x" * 1025, "slot_too_long"),
        ("body_numbered", "body.1", "  ", "slot_empty"),
        ("body_numbered", "body.1", {"text": ""}, "slot_empty"),
    ],
)
def test_what_meta_would_refuse_is_refused_with_its_slot(
    name: str, slot: str, value: object, code: str
) -> None:
    kind = BY_NAME[name]
    assert (code, slot) in codes(kind, {**kind.values, slot: value})


def test_fixed_texts_that_make_the_whole_too_long_are_counted() -> None:
    kind = BY_NAME["limited_time_offer"]
    assert ("too_long", "body.1") in codes(kind, {**kind.values, "body.1": "x" * 590})
    assert ("too_long", "body.1") not in codes(kind, {**kind.values, "body.1": "x" * 580})


def test_what_no_slot_can_fill_goes_by_components_alone() -> None:
    definition = read_definition(MULTI_PRODUCT)
    assert definition.unknown == ["MPM"]
    (problem,) = problems(definition, Filling(), [], ZONE, NOW)
    assert (problem.code, problem.values) == ("only_by_components", {"part": "MPM"})


def test_named_slots_are_proposed_by_name_and_never_by_place() -> None:
    named = listed("promo", body("Hola {{nombre}}: {{promo_del_mes}}. {{otro}}"), form="NAMED")
    found = proposal(read_definition(named), ["Promo del mes", "NOMBRE", "x"])
    assert found.values == {
        "body.nombre": Value(column="NOMBRE"),
        "body.promo_del_mes": Value(column="Promo del mes"),
    }


def test_numbered_slots_are_proposed_by_place() -> None:
    numbered = read_definition(BY_NAME["header_text"].listed)
    assert proposal(numbered, ["a", "b"]).values == {"body.1": Value(column="a")}


def test_a_list_without_a_format_shows_it_by_its_placeholders() -> None:
    item = listed("x", body("Hola {{nombre}}"))
    del item["parameter_format"]
    assert read_definition(item).is_named
    assert not read_definition(listed("y", body("Hola {{1}}"))).is_named


def test_a_text_for_empty_cells_serves_wherever_the_column_stands() -> None:
    filling = read_filling(
        {"body.1": {"column": "Nombre", "if_empty": "cliente"}, "button.0.url": "{{nombre}}/{{ pedido }}"}
    )
    assert filling.texts({"nombre": "", "Pedido": "7"}) == {"body.1": "cliente", "button.0.url": "cliente/7"}
    assert list(filling.columns()) == ["Nombre", "nombre", "pedido"]
    assert read_filling(filling.stored()) == filling


@pytest.mark.parametrize("odd", [{}, {"components": 7}, {"components": [{"type": 1}, None]}, {"id": []}])
def test_an_odd_item_is_read_all_the_same(odd: dict[str, object]) -> None:
    assert list(read_definition(odd).slots) == []


def test_examples_are_read_where_the_list_has_them() -> None:
    given = {"body_text": [["Rosa", "P-1"]]}
    numbered = listed("x", body("{{1}} {{2}}", example=given))
    assert [slot.example for slot in read_definition(numbered).slots] == ["Rosa", "P-1"]
    pairs = {"body_text_named_params": [{"param_name": "n", "example": "Rosa"}]}
    named = listed("x", body("{{n}}", example=pairs), form="NAMED")
    assert [slot.example for slot in read_definition(named).slots] == ["Rosa"]
    link = listed(
        "x", body("a"), buttons({"type": "URL", "text": "v", "url": "https://a/{{1}}", "example": ["u"]})
    )
    assert read_definition(link).slots[0].example == "u"
