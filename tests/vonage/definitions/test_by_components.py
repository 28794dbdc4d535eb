"""Components that do not fit the template are refused with their place, as Meta would refuse the message."""

from typing import Any

import pytest

from outbound_campaigns.vonage.definitions.by_components import filling_of
from outbound_campaigns.vonage.definitions.filling import Value
from outbound_campaigns.vonage.definitions.reading import read_definition
from tests.support.template_kinds import BY_NAME, IMAGE, body_of, button, text

HEADER: dict[str, Any] = {"type": "header"}


def codes(name: str, components: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    _, problems = filling_of(read_definition(BY_NAME[name].listed), None, components, ["nombre"])
    return [(problem.code, problem.slot) for problem in problems]


def header(kind: str, **content: str) -> dict[str, Any]:
    return {**HEADER, "parameters": [{"type": kind, kind: content}]}


@pytest.mark.parametrize(
    ("name", "components", "problem"),
    [
        ("body_numbered", [body_of("Ana")], ("wrong_number_of_values", "body")),
        ("body_numbered", [body_of("Ana", "b", "c")], ("wrong_number_of_values", "body")),
        ("body_static", [body_of("Ana")], ("wrong_number_of_values", "body")),
        ("body_named", [body_of("Ana", "P-1")], ("names_missing", "body")),
        (
            "body_numbered",
            [{"type": "body", "parameters": [text("Ana", "nombre"), text("b", "folio")]}],
            ("names_unexpected", "body"),
        ),
        (
            "body_named",
            [{"type": "body", "parameters": [text("Ana", "nombre"), text("b", "otro")]}],
            ("unknown_slot", "body"),
        ),
        ("header_image", [header("document", link="https://a/x.pdf")], ("wrong_header_kind", "header.image")),
        ("header_image", [header("video", link="https://a/x.mp4")], ("wrong_header_kind", "header.image")),
        ("header_image", [{**HEADER, "parameters": [text("x")]}], ("wrong_header_kind", "header.image")),
        ("body_numbered", [header("image", link=IMAGE)], ("component_without_slot", "header")),
        ("phone_button", [button(0, "url", text("x"))], ("component_without_slot", "button.0")),
        ("url_button", [button(1, "url", text("x"))], ("component_without_slot", "button.1")),
        ("url_button", [button(0, "quick_reply", text("x"))], ("wrong_button_kind", "button.0")),
        ("authentication", [button(0, "copy_code", text("x"))], ("wrong_button_kind", "button.0")),
        ("carousel", [{"type": "carousel", "cards": []}], ("wrong_number_of_cards", "card")),
        (
            "carousel",
            [{"type": "carousel", "cards": [{"card_index": 0, "components": []}] * 3}],
            ("wrong_number_of_cards", "card"),
        ),
        (
            "carousel",
            [
                {
                    "type": "carousel",
                    "cards": [
                        {"card_index": 0, "components": [header("video", link="https://a/x.mp4")]},
                        {"card_index": 1, "components": []},
                    ],
                }
            ],
            ("wrong_header_kind", "card.0.header.image"),
        ),
        (
            "url_button",
            [{"type": "limited_time_offer", "parameters": []}],
            ("component_without_slot", "offer"),
        ),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(
    name: str, components: list[dict[str, Any]], problem: tuple[str, str]
) -> None:
    assert problem in codes(name, components)


def test_a_link_under_a_wrong_key_fills_nothing() -> None:
    filling, problems = filling_of(
        read_definition(BY_NAME["header_image"].listed), [], [header("image", url=IMAGE)], None
    )
    assert "header.image" not in filling.values
    assert [problem.code for problem in problems] == ["wrong_number_of_values"]


def test_a_list_of_columns_fills_by_place_and_a_mapping_by_name() -> None:
    numbered = read_definition(BY_NAME["body_numbered"].listed)
    by_place, problems = filling_of(numbered, ["b", "a"], None, None)
    assert by_place.values == {"body.1": Value(column="b"), "body.2": Value(column="a")}
    assert problems == []
    by_name, _ = filling_of(numbered, {"2": "a", "1": "b"}, None, None)
    assert by_name == by_place
    _, short = filling_of(numbered, ["a"], None, None)
    assert [(one.code, dict(one.values)) for one in short] == [
        ("wrong_number_of_values", {"given": 1, "expected": 2})
    ]


def test_without_variables_the_columns_are_proposed() -> None:
    named = read_definition(BY_NAME["body_named"].listed)
    filling, _ = filling_of(named, None, None, ["Folio", "Nombre"])
    assert filling.values == {"body.nombre": Value(column="Nombre"), "body.folio": Value(column="Folio")}
