"""Reads the body of a reply in either of its shapes, v1 and v0.1 (Messages API, "inbound message")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from outbound_campaigns.domain.phone_numbers import PhoneNumber, phone_key
from outbound_campaigns.vonage.json_values import moment_of, object_of, read_object, text_of

_LONGEST = 200
_LONGEST_WORD = 500
"""characters; a longer text can't be an opt-out word, and is not compared"""

_NUMBER = re.compile(r"\+?([0-9]{7,15})", re.ASCII)
_TAPS = ("button", "reply")


class UnreadableReply(Exception):
    """Raised for a body that is no message."""


@dataclass(frozen=True, slots=True)
class ReplyBody:
    """One message. `person` is the key of `number`, or WhatsApp's own id where there is no number."""

    person: str
    number: PhoneNumber | None
    message_uuid: str | None
    context_uuid: str | None
    """Vonage's id of our message that it answers"""
    at: datetime | None
    tapped: bool
    """true for a button or an item of a list, false for a text"""
    texts: tuple[str, ...] = field(default=(), repr=False)
    payloads: tuple[str, ...] = field(default=(), repr=False)


def read_reply(raw: bytes) -> ReplyBody:
    """Read a reply, even if other values in it are missing or odd.

    Raises UnreadableReply for what is no JSON object, and for a receipt.
    """
    body = read_object(raw)
    if body is None or ("status" in body and not _kind_of(body)):
        raise UnreadableReply("no message")
    content = object_of(object_of(body.get("message")).get("content")) or body
    kind = _kind_of(content) or next((name for name in _TAPS if name in content), "text")
    number, other_id = _sender(body)
    texts, payloads = _said(content, kind)
    return ReplyBody(
        person=number.key if number else other_id,
        number=number,
        message_uuid=text_of(body.get("message_uuid"), _LONGEST),
        context_uuid=text_of(object_of(body.get("context")).get("message_uuid"), _LONGEST),
        at=moment_of(body.get("timestamp")),
        tapped=kind in _TAPS,
        texts=texts,
        payloads=payloads,
    )


def _kind_of(content: Mapping[str, Any]) -> str:
    kind = content.get("message_type", content.get("type"))
    return kind if isinstance(kind, str) else ""


def _said(content: Mapping[str, Any], kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (texts, payloads). A button's payload may be an object, as a flow's is: that one is left out."""
    part = object_of(content.get(kind))
    if kind == "button":
        return _short(part.get("text")), _short(part.get("payload"))
    if kind == "reply":
        return _short(part.get("title")), _short(part.get("id"))
    return (_short(content.get("text")) if kind == "text" else ()), ()


def _sender(body: Mapping[str, Any]) -> tuple[PhoneNumber | None, str]:
    """Return (number, WhatsApp's id): a person who hides their number is known by an id alone."""
    given = body.get("from")
    given = given.get("number") if isinstance(given, Mapping) else given
    ids = object_of(object_of(body.get("whatsapp")).get("sender"))
    for value in (given, ids.get("wa_id")):
        if isinstance(value, str) and (match := _NUMBER.fullmatch(value)):
            return PhoneNumber(f"+{match[1]}", phone_key(match[1])), ""
    return None, text_of(given, _LONGEST) or text_of(ids.get("user_id"), _LONGEST) or ""


def _short(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and len(value) <= _LONGEST_WORD else ()
