"""What Meta refuses of a message, the simulator refuses; what it takes of every kind, it takes."""

from typing import Any

import pytest

from tests.support.template_kinds import BY_NAME, IMAGE, KINDS, Kind, body_of, button, text
from vonage_simulator.fitting import misfit

PARTS = [
    (kind, place)
    for kind in KINDS
    for place in range(len(kind.components))
    # What is optional at Meta.
    if kind.name not in ("quick_reply", "flow", "catalogue") or place == 0
]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_message_of_every_kind_is_taken(kind: Kind) -> None:
    assert misfit(kind.listed, kind.components) is None


@pytest.mark.parametrize(("kind", "place"), PARTS, ids=lambda one: getattr(one, "name", str(one)))
def test_one_that_lacks_a_component_is_not(kind: Kind, place: int) -> None:
    given = [one for index, one in enumerate(kind.components) if index != place]
    assert misfit(kind.listed, given) is not None


@pytest.mark.parametrize(
    ("name", "components", "words"),
    [
        ("body_numbered", [body_of("a")], "(1) does not match 2"),
        ("body_static", [body_of("a")], "(1) does not match 0"),
        ("body_named", [body_of("a", "b")], "Parameter name is missing"),
        (
            "body_named",
            [{"type": "body", "parameters": [text("a", "nombre"), text("b", "otro")]}],
            "'folio'",
        ),
        ("body_numbered", [body_of("a", " ")], "missing text value"),
        ("body_numbered", [body_of("a", "x\ny")], "new-line/tab"),
        ("body_numbered", [body_of("a", "x" * 1024)], "too long"),
        (
            "header_image",
            [{"type": "header", "parameters": [{"type": "video", "video": {"link": IMAGE}}]}, body_of("a")],
            "expected IMAGE, received VIDEO",
        ),
        (
            "header_image",
            [{"type": "header", "parameters": [{"type": "image", "image": {"url": IMAGE}}]}, body_of("a")],
            "media ID or link",
        ),
        ("phone_button", [body_of("a"), button(0, "url", text("x"))], "does not require parameters"),
        ("url_button", [body_of("a"), button(0, "quick_reply", text("x"))], "must be of type URL"),
        ("url_button", [body_of("a"), button(0, "url", text(""))], "requires a parameter"),
        ("url_button", [body_of("a"), button(1, "url", text("x"))], "no button at index 1"),
        (
            "copy_code",
            [body_of("a"), button(1, "copy_code", {"type": "coupon_code", "coupon_code": "x" * 21})],
            "coupon_code",
        ),
        ("authentication", [body_of("1")], "requires a parameter"),
        ("carousel", [body_of("a"), {"type": "carousel", "cards": [{"card_index": 0}]}], "1 cards"),
    ],
)
def test_what_does_not_fit_is_told_as_meta_does(
    name: str, components: list[dict[str, Any]], words: str
) -> None:
    told = misfit(BY_NAME[name].listed, components)
    assert told is not None
    assert words in told


def test_an_offer_of_the_past_is_not_taken() -> None:
    kind = BY_NAME["limited_time_offer"]
    offer = {"type": "limited_time_offer", "limited_time_offer": {"expiration_time_ms": 1209600000}}
    given = [
        {**one, "parameters": [offer]} if one["type"] == "limited_time_offer" else one
        for one in kind.components
    ]
    assert "in the past" in (misfit(kind.listed, given) or "")
