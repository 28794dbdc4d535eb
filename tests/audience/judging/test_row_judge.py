"""A row is judged by the cells that its message uses: what Meta would refuse of it is said at the import."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.audience.judging.row_judge import RowJudge
from outbound_campaigns.vonage.definitions.filling import read_filling
from outbound_campaigns.vonage.definitions.reading import read_definition
from tests.support.template_kinds import BY_NAME, CELLS, KINDS, body, buttons, listed

NOW = datetime(2026, 11, 28, tzinfo=UTC)
ZONE = "America/Mexico_City"


def judge(values: dict[str, Any], *components: dict[str, Any]) -> RowJudge:
    return RowJudge(read_filling(values), read_definition(listed("promo", *components)), ZONE, NOW)


HELLO = body("Hola, {{1}}. Tu pedido {{2}} va en camino.")
ORDER = {"body.1": {"column": "Nombre"}, "body.2": {"column": "pedido"}}
SHOP = buttons({"type": "URL", "text": "Ver", "url": "https://tienda.example.com/p/{{1}}", "example": ["1"]})
PLACE = {"type": "HEADER", "format": "LOCATION"}
PLACED = {
    f"header.{name}": {"column": name} if name == "latitude" else "1"
    for name in ("latitude", "longitude", "name", "address")
}


@pytest.mark.parametrize(
    ("cells", "flaw"),
    [
        ({"nombre": "Ana", "pedido": "P-77"}, None),
        ({"nombre": "", "pedido": "P-77"}, ("flaw_empty", "Nombre")),
        ({"nombre": "Ana", "pedido": " "}, ("flaw_empty", "pedido")),
        ({"nombre": "NULL", "pedido": "P-77"}, ("flaw_null", "Nombre")),
        ({"nombre": "Ana"}, ("flaw_column_missing", "pedido")),
        ({"nombre": "Ana", "pedido": "x" * 1000}, ("flaw_too_long", "pedido")),
        ({"nombre": "A" * 520, "pedido": "x" * 480}, ("flaw_too_long", "Nombre")),
        ({"nombre": "Ana", "pedido": "P-77", "notas": "#N/A"}, None),
    ],
)
def test_texts_of_a_body_are_judged_with_all_that_is_put_in(
    cells: dict[str, str], flaw: tuple[str, str] | None
) -> None:
    assert judge(ORDER, HELLO).flaw(cells) == flaw


@pytest.mark.parametrize(
    ("values", "cells", "flaw"),
    [
        ({"body.1": {"column": "nombre", "if_empty": "cliente"}}, {"nombre": ""}, None),
        ({"body.1": "Hola {{nombre}}"}, {"nombre": ""}, None),
        ({"body.1": "{{nombre}}"}, {"nombre": ""}, ("flaw_empty", "nombre")),
        ({"body.1": "Hola {{nombre}}"}, {"nombre": "#¡REF!"}, ("flaw_formula", "nombre")),
        ({"body.1": "Hola"}, {}, None),
    ],
)
def test_texts_around_a_cell_and_for_empty_ones_count(
    values: dict[str, Any], cells: dict[str, str], flaw: tuple[str, str] | None
) -> None:
    assert judge(values, body("{{1}}!")).flaw(cells) == flaw


@pytest.mark.parametrize(
    ("values", "components", "cell", "code"),
    [
        ({"button.0.url": {"column": "x"}}, (body("Hola"), SHOP), "77?a=b", None),
        ({"button.0.url": {"column": "x"}}, (body("Hola"), SHOP), "https://t.mx/77", "flaw_whole_address"),
        ({"button.0.url": {"column": "x"}}, (body("Hola"), SHOP), "", "flaw_empty"),
        (PLACED | {"header.latitude": {"column": "x"}}, (PLACE, body("Hola")), "19.43", None),
        (PLACED | {"header.latitude": {"column": "x"}}, (PLACE, body("Hola")), "19,43", "flaw_degrees"),
        (PLACED | {"header.latitude": {"column": "x"}}, (PLACE, body("Hola")), "91", "flaw_degrees"),
        (
            {"header.image": {"column": "x"}},
            ({"type": "HEADER", "format": "IMAGE"}, body("Hola")),
            "foto.jpg",
            "flaw_link",
        ),
        (
            {"header.image": {"column": "x"}},
            ({"type": "HEADER", "format": "IMAGE"}, body("Hola")),
            "https://cdn.example.com/" + "f" * 1100,
            None,
        ),
        (
            {"button.0.coupon_code": {"column": "x"}},
            (body("Hola"), buttons({"type": "COPY_CODE", "example": "A"})),
            "C" * 21,
            "flaw_too_long",
        ),
        (
            {"header.1": {"column": "x"}},
            ({"type": "HEADER", "text": "{{1}}"}, body("H")),
            "x" * 61,
            "flaw_too_long",
        ),
    ],
)
def test_each_kind_of_slot_has_flaws_of_its_own(
    values: dict[str, Any], components: tuple[dict[str, Any], ...], cell: str, code: str | None
) -> None:
    found = judge(values, *components).flaw({"x": cell})
    assert (found and found.code) == code


@pytest.mark.parametrize(
    ("at", "code"),
    [("2026-12-24T23:59", None), ("mañana", "flaw_time"), ("2026-11-01T10:00", "flaw_expired")],
)
def test_an_offer_that_ends_for_each_person_at_a_time_of_its_own(at: str, code: str | None) -> None:
    kind = BY_NAME["limited_time_offer"]
    values = dict(kind.values) | {"offer.expires_at": {"column": "vence"}}
    made = RowJudge(read_filling(values), read_definition(kind.listed), ZONE, NOW)
    found = made.flaw(CELLS | {"vence": at})
    assert (found and found.code) == code


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.name))
def test_what_fills_a_template_well_has_no_flaw(kind: Any) -> None:
    made = RowJudge(read_filling(kind.values), read_definition(kind.listed), ZONE, NOW)
    assert made.flaw(CELLS) is None


def test_without_knowing_what_is_used_every_cell_is() -> None:
    made = RowJudge(None, None, ZONE, NOW)
    assert made.flaw({"a": "x", "b": ""}) == ("flaw_empty", "b")
    assert made.flaw({"a": "x" * 1025}) == ("flaw_too_long", "a")
    assert made.flaw({"a": "x"}) is None


cells_of = st.dictionaries(
    st.sampled_from(["nombre", "pedido", "notas"]), st.text("ab", min_size=1, max_size=700), min_size=3
)
fillings = st.sampled_from(
    [
        ORDER,
        {"body.1": {"column": "nombre"}, "body.2": "{{nombre}} y {{nombre}}"},
        {"body.1": "x" * 500, "body.2": {"column": "pedido"}},
        {"body.1": "fijo", "body.2": "fijo"},
    ]
)


@given(fillings, cells_of)
def test_a_row_within_the_quiet_length_is_never_flawed(values: dict[str, Any], cells: dict[str, str]) -> None:
    made = judge(values, HELLO, {"type": "HEADER", "text": "Aviso"})
    if len("".join(cells.values())) <= made.longest_quiet(list(cells)):
        assert made.flaw(cells) is None


@pytest.mark.parametrize(
    ("values", "components", "columns"),
    [
        (ORDER, (HELLO,), ["nombre"]),
        ({"button.0.url": {"column": "x"}}, (body("Hola"), SHOP), ["x"]),
    ],
)
def test_rows_are_looked_at_one_by_one_where_any_may_be_flawed(
    values: dict[str, Any], components: tuple[dict[str, Any], ...], columns: list[str]
) -> None:
    assert judge(values, *components).longest_quiet(columns) == -1
