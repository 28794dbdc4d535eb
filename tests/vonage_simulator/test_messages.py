"""What is accepted as a message, and how a refusal names what is wrong."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.simulator_examples import SENDER, custom, positional
from vonage_simulator.messages import Message, check, parse, sender_of
from vonage_simulator.problems import Problem, RefusedError

TEMPLATE = {"name": "promo", "language": {"code": "es"}}


def checked(message: object) -> Message:
    return check(message, {SENDER}.__contains__)


def refusal(message: object) -> Problem:
    with pytest.raises(RefusedError) as refused:
        checked(message)
    return refused.value.problem


def wrong_names(message: object) -> list[str]:
    return [name for name, _ in refusal(message).invalid_parameters]


def with_components(*components: object) -> dict[str, Any]:
    return custom(custom={"type": "template", "template": TEMPLATE | {"components": list(components)}})


def with_parameter(parameter: object) -> dict[str, Any]:
    return with_components({"type": "body", "parameters": [parameter]})


def test_a_custom_template_message_is_accepted() -> None:
    message = checked(custom(webhook_url="https://a/status", webhook_version="v1"))
    assert message.template == ("promo_octubre", "es_MX")
    assert (message.to, message.client_ref) == ("5214422591631", "c42-1")


def test_a_template_message_is_accepted_and_its_namespace_and_locale_are_read_as_vonage_does() -> None:
    message = positional(template={"name": "9b6b:verify"}, whatsapp={"locale": "en-GB"})
    assert checked(message).template == ("verify", "en_GB")


@pytest.mark.parametrize("channel", ["whatsapp", "sms"])
def test_a_plain_text_is_accepted(channel: str) -> None:
    message = custom(channel=channel, message_type="text", text="Hola", custom=None)
    assert checked(message).template is None


@pytest.mark.parametrize("body", [{}, {"type": "interactive", "interactive": {"type": "list"}}])
def test_a_custom_object_without_a_template_passes_as_it_is(body: dict[str, object]) -> None:
    assert checked(custom(custom=body)).template is None


@pytest.mark.parametrize("name", ["to", "from", "channel", "message_type"])
def test_a_missing_parameter_is_named(name: str) -> None:
    problem = refusal(custom(**{name: None}))
    assert problem.type.endswith("#1150")
    assert problem.invalid_parameters == ((name, "is required."),)


@pytest.mark.parametrize(
    ("changes", "number", "name"),
    [
        ({"to": "+5214422591631"}, "#110", "to"),
        ({"to": "123456"}, "#110", "to"),
        ({"to": "1" * 16}, "#110", "to"),
        ({"to": 5214422591631}, "#110", "to"),
        ({"to": "٥٢١٤٤٢٢٥٩١٦٣١"}, "#110", "to"),
        ({"from": "hola"}, "#1120", "from"),
        ({"from": "5215550009999"}, "#1120", "from"),
        ({"channel": "pigeon"}, "#1100", "channel"),
        ({"channel": ["whatsapp"]}, "#1100", "channel"),
        ({"message_type": "audio"}, "#1140", "message_type"),
        ({"message_type": {}}, "#1140", "message_type"),
        ({"client_ref": "x" * 101}, "#1060", "client_ref"),
        ({"client_ref": 7}, "#1060", "client_ref"),
        ({"webhook_url": "status"}, "#1150", "webhook_url"),
        ({"webhook_version": "v2"}, "#1150", "webhook_version"),
        ({"context": {}}, "#1150", "context.message_uuid"),
        ({"failover": {}}, "#1150", "failover"),
        ({"failover": [{"to": "1"}]}, "#1150", "failover[0].from"),
        ({"custom": None}, "#1150", "custom"),
        ({"custom": {"template": TEMPLATE}}, "#1150", "custom.type"),
        ({"custom": {"type": "template"}}, "#1150", "custom.template"),
        ({"custom": {"type": "template", "template": {}}}, "#1150", "custom.template.name"),
        (
            {"custom": {"type": "template", "template": {"name": "a"}}},
            "#1150",
            "custom.template.language.code",
        ),
    ],
)
def test_each_wrong_parameter_has_its_own_error_and_is_named(
    changes: dict[str, object], number: str, name: str
) -> None:
    problem = refusal(custom(**changes))
    assert problem.type.endswith(number)
    assert name in [wrong for wrong, _ in problem.invalid_parameters]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"whatsapp": None}, "whatsapp.locale"),
        ({"whatsapp": {"policy": "deterministic"}}, "whatsapp.locale"),
        ({"whatsapp": {"policy": "fallback", "locale": "es"}}, "whatsapp.policy"),
        ({"template": None}, "template.name"),
        ({"template": {"name": "a", "parameters": [1]}}, "template.parameters"),
        ({"template": {"name": "a", "parameters": [{"default": "x"}]}}, "template.parameters"),
        ({"message_type": "text", "text": 1}, "text"),
    ],
)
def test_a_template_message_needs_a_name_a_locale_and_parameters_that_are_texts(
    changes: dict[str, object], name: str
) -> None:
    assert wrong_names(positional(**changes)) == [name]


@pytest.mark.parametrize(
    "parameter",
    [
        {"type": "text", "text": "Ana", "parameter_name": "nombre"},
        {"type": "video", "video": {"link": "https://a/b.mp4"}},
        {"type": "document", "document": {"id": "1", "filename": "a.pdf"}},
        {"type": "coupon_code", "coupon_code": "OCT20"},
        {"type": "location", "location": {"latitude": 20.5, "longitude": -100.3}},
    ],
)
def test_every_kind_of_template_parameter_is_accepted(parameter: dict[str, object]) -> None:
    assert checked(with_parameter(parameter)).template == ("promo", "es")


@pytest.mark.parametrize(
    ("parameter", "field"),
    [
        ("Ana", "type"),
        ({"type": "emoji"}, "type"),
        ({"type": ["text"]}, "type"),
        ({"type": "text", "text": 7}, "text"),
        ({"type": "image", "image": {"url": "https://a/b.jpg"}}, "image"),
        ({"type": "payload"}, "payload"),
    ],
)
def test_a_template_parameter_of_the_wrong_shape_is_named(parameter: object, field: str) -> None:
    assert wrong_names(with_parameter(parameter)) == [f"custom.template.components[0].parameters[0].{field}"]


@pytest.mark.parametrize(
    ("component", "field"),
    [
        ("body", "type"),
        ({"type": "BODY"}, "type"),
        ({"type": "body", "parameters": "Ana"}, "parameters"),
        ({"type": "button", "sub_type": "magic", "index": "0"}, "sub_type"),
        ({"type": "button", "sub_type": "url"}, "index"),
        ({"type": "button", "sub_type": "url", "index": "first"}, "index"),
        ({"type": "carousel", "cards": "none"}, "cards"),
        ({"type": "carousel", "cards": [{"components": [{}]}]}, "cards[0].components[0].type"),
    ],
)
def test_a_component_of_the_wrong_shape_is_named(component: object, field: str) -> None:
    assert wrong_names(with_components(component)) == [f"custom.template.components[0].{field}"]


def test_components_must_be_a_list() -> None:
    message = custom(custom={"type": "template", "template": TEMPLATE | {"components": {}}})
    assert wrong_names(message) == ["custom.template.components"]


def test_errors_of_several_kinds_come_as_one_general_error() -> None:
    problem = refusal(custom(to="x", client_ref=1))
    assert problem.title == "Invalid params"
    assert [name for name, _ in problem.invalid_parameters] == ["to", "client_ref"]


@pytest.mark.parametrize("value", [[], "hola", None, 3])
def test_json_that_is_no_object_is_an_invalid_body(value: object) -> None:
    assert wrong_names(value) == ["body"]


@pytest.mark.parametrize("body", [b"{", b'{"to":', b"\xff\xff", b"[" * 100_000])
def test_a_body_that_is_no_json_is_told_so(body: bytes) -> None:
    assert refusal(parse(body)).type.endswith("#invalid-json")
    assert sender_of(parse(body)) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = (
    "to",
    "from",
    "channel",
    "message_type",
    "custom",
    "client_ref",
    "context",
    "failover",
    "webhook_url",
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.sampled_from(["custom", "template", "text"]))
def test_whatever_is_sent_is_accepted_or_refused_but_breaks_nothing(
    changes: dict[str, Any], kind: str
) -> None:
    with suppress(RefusedError):
        checked(custom(message_type=kind, template={"name": "a"}) | changes)
