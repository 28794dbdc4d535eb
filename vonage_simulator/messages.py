"""Checks a message as Vonage does before it accepts it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard

from vonage_simulator.components import component_complaints
from vonage_simulator.problems import INVALID_JSON, Complaint, RefusedError, unprocessable

LONGEST_CLIENT_REF = 100
WEBHOOK_VERSIONS = ("v0.1", "v1")
EMPTY_BODIES = (b"", b"{}")
UNREADABLE = object()

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """A message that passed the check; `template` is (name, language) if it has one.

    `components` are those of a custom message's template; None for other kinds.
    """

    to: str
    sender: str
    channel: str
    client_ref: str
    webhook_url: str
    template: tuple[str, str] | None
    has_failover: bool
    components: list[Json] | None = None


def parse(body: bytes) -> object:
    """Return the JSON value of a request's body, or UNREADABLE."""
    try:
        return json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return UNREADABLE


def sender_of(value: object) -> str:
    """Return the number that a request names as its sender, before any check; "" when there is none."""
    sender = value.get("from") if isinstance(value, dict) else None
    return sender if _is_number(sender) else ""


def check(value: object, may_send_from: Callable[[str], bool]) -> Message:
    """Return the message in a request's JSON; raises RefusedError (422) with all wrong parameters."""
    if value is UNREADABLE:
        raise RefusedError(INVALID_JSON)
    complaints = list(_message_complaints(value, may_send_from))
    if complaints or not isinstance(value, dict):
        raise RefusedError(unprocessable(complaints))
    return Message(
        to=value["to"],
        sender=value["from"],
        channel=value["channel"],
        client_ref=value.get("client_ref", ""),
        webhook_url=value.get("webhook_url", ""),
        template=_template(value),
        has_failover="failover" in value,
        components=_components(value),
    )


def _template(message: Json) -> tuple[str, str] | None:
    """Return name (without a namespace) and language; like Vonage, turns the locale en-GB into en_GB."""
    kind = message["message_type"]
    if kind == "template":
        name = message["template"]["name"].rpartition(":")[2]
        return name, message["whatsapp"]["locale"].replace("-", "_")
    template = message["custom"].get("template") if kind == "custom" else None
    return (template["name"], template["language"]["code"]) if template else None


def _components(message: Json) -> list[Json] | None:
    template = message["custom"].get("template") if message["message_type"] == "custom" else None
    return list(template.get("components") or []) if template else None


def _message_complaints(value: object, may_send_from: Callable[[str], bool]) -> Iterator[Complaint]:
    if not isinstance(value, dict) or not value:
        yield Complaint("params", "body", "must be a JSON object with a message.")
        return
    missing = [name for name in ("to", "from", "channel", "message_type") if name not in value]
    if missing:
        yield from (Complaint("params", name, "is required.") for name in missing)
        return
    yield from _number_complaints(value, may_send_from)
    yield from _common_complaints(value)
    yield from _kind_complaints(value)
    for index, other in enumerate(_failover(value)):
        for kind, name, reason in _message_complaints(other, may_send_from):
            yield Complaint(kind, f"failover[{index}].{name}", reason)


def _number_complaints(message: Json, may_send_from: Callable[[str], bool]) -> Iterator[Complaint]:
    if not _is_number(message["to"]):
        yield Complaint("recipient", "to", "must be a number of 7 to 15 digits.")
    if not _is_number(message["from"]):
        yield Complaint("sender", "from", "must be a number of 7 to 15 digits.")
    elif not may_send_from(message["from"]):
        yield Complaint("sender", "from", "is not a sender of this account.")


def _common_complaints(message: Json) -> Iterator[Complaint]:
    reference = message.get("client_ref", "")
    if not isinstance(reference, str) or len(reference) > LONGEST_CLIENT_REF:
        yield Complaint("client_ref", "client_ref", "must be a string of up to 100 characters.")
    url = message.get("webhook_url", "http://")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        yield Complaint("params", "webhook_url", "must be a URL.")
    if message.get("webhook_version", "v1") not in WEBHOOK_VERSIONS:
        yield Complaint("params", "webhook_version", "must be one of `v0.1`, `v1`.")
    context = message.get("context", {"message_uuid": ""})
    if not isinstance(context, dict) or not isinstance(context.get("message_uuid"), str):
        yield Complaint("params", "context.message_uuid", "is required.")
    if not isinstance(message.get("failover", []), list):
        yield Complaint("params", "failover", "must be an array.")


def _kind_complaints(message: Json) -> Iterator[Complaint]:
    channel, kind = message["channel"], message["message_type"]
    if not isinstance(channel, str) or channel not in KINDS:
        yield Complaint("channel", "channel", "is not supported.")
    elif not isinstance(kind, str) or kind not in KINDS[channel]:
        yield Complaint("message_type", "message_type", "is not supported for this channel.")
    else:
        yield from KINDS[channel][kind](message)


def _text_complaints(message: Json) -> Iterator[Complaint]:
    if not _is_filled(message.get("text")):
        yield Complaint("params", "text", "is required.")


def _template_complaints(message: Json) -> Iterator[Complaint]:
    template, settings = message.get("template"), message.get("whatsapp")
    if not isinstance(template, dict) or not _is_filled(template.get("name")):
        yield Complaint("params", "template.name", "is required.")
    elif not _are_strings(template.get("parameters", [])):
        yield Complaint("params", "template.parameters", "must be an array of strings.")
    if not isinstance(settings, dict) or not _is_filled(settings.get("locale")):
        yield Complaint("params", "whatsapp.locale", "is required.")
    elif settings.get("policy", "deterministic") != "deterministic":
        yield Complaint("params", "whatsapp.policy", "must be `deterministic`.")


def _custom_complaints(message: Json) -> Iterator[Complaint]:
    """Yield complaints about a template only; Vonage passes any other object to WhatsApp as it is."""
    custom = message.get("custom")
    if not isinstance(custom, dict):
        yield Complaint("params", "custom", "is required.")
    elif custom and not _is_filled(custom.get("type")):
        yield Complaint("params", "custom.type", "is required.")
    elif custom.get("type") == "template" or "template" in custom:
        yield from _custom_template_complaints(custom.get("template"))


def _custom_template_complaints(template: object) -> Iterator[Complaint]:
    if not isinstance(template, dict):
        yield Complaint("params", "custom.template", "is required.")
        return
    if not _is_filled(template.get("name")):
        yield Complaint("params", "custom.template.name", "is required.")
    language = template.get("language")
    if not isinstance(language, dict) or not _is_filled(language.get("code")):
        yield Complaint("params", "custom.template.language.code", "is required.")
    yield from component_complaints(template.get("components", []), "custom.template.components")


def _failover(message: Json) -> list[object]:
    others = message.get("failover", [])
    return others if isinstance(others, list) else []


def _is_number(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 7 <= len(value) <= 15 and value.isascii() and value.isdigit()


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _are_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


KINDS: dict[str, dict[str, Callable[[Json], Iterator[Complaint]]]] = {
    "whatsapp": {
        "custom": _custom_complaints,
        "template": _template_complaints,
        "text": _text_complaints,
    },
    "sms": {"text": _text_complaints},
}
