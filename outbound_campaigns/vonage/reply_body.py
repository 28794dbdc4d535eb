"""A message's body in whichever shape Vonage posts it, v1 or v0.1 (Messages API, "inbound message")."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from outbound_campaigns.domain.phone_numbers import PhoneNumber, phone_key

_LONGEST = 200
_LONGEST_WORD = 500
"""characters; a longer text is no word, and need not be compared"""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_NUMBER = re.compile(r"\+?([0-9]{7,15})", re.ASCII)
_TAPS = ("button", "reply")


class UnreadableReply(Exception):
    """No message can be made out of the body."""


@dataclass(frozen=True, slots=True)
class ReplyBody:
    """One message. `person` is the key of `number`, or WhatsApp's own id where there is none."""

    person: str
    number: PhoneNumber | None
    message_uuid: str | None
    context_uuid: str | None
    """Vonage's id of our message that it answers"""
    at: datetime | None
    tapped: bool
    """a button or an item of a list, and not a text"""
    texts: tuple[str, ...] = field(default=(), repr=False)
    payloads: tuple[str, ...] = field(default=(), repr=False)


def read_reply(raw: bytes) -> ReplyBody:
    """Raises Unreadable for what is no JSON object, or is a receipt; all else may be missing or odd."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise UnreadableReply("no JSON") from None
    if not isinstance(body, dict) or ("status" in body and not _kind_of(body)):
        raise UnreadableReply("no message")
    content = _part(_part(body, "message"), "content") or body
    kind = _kind_of(content) or next((name for name in _TAPS if name in content), "text")
    number, other_id = _sender(body)
    texts, payloads = _said(content, kind)
    return ReplyBody(
        person=number.key if number else other_id,
        number=number,
        message_uuid=_text(body.get("message_uuid")),
        context_uuid=_text(_part(body, "context").get("message_uuid")),
        at=_moment(body.get("timestamp")),
        tapped=kind in _TAPS,
        texts=texts,
        payloads=payloads,
    )


def _kind_of(content: Mapping[str, Any]) -> str:
    kind = content.get("message_type", content.get("type"))
    return kind if isinstance(kind, str) else ""


def _said(content: Mapping[str, Any], kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(texts, payloads). The payload of a button may be an object, as a flow's is: then it says nothing."""
    part = _part(content, kind)
    if kind == "button":
        return _short(part.get("text")), _short(part.get("payload"))
    if kind == "reply":
        return _short(part.get("title")), _short(part.get("id"))
    return (_short(content.get("text")) if kind == "text" else ()), ()


def _sender(body: Mapping[str, Any]) -> tuple[PhoneNumber | None, str]:
    """(number, WhatsApp's id): who hides their number is known by an id alone."""
    given = body.get("from")
    given = given.get("number") if isinstance(given, Mapping) else given
    ids = _part(_part(body, "whatsapp"), "sender")
    for value in (given, ids.get("wa_id")):
        if isinstance(value, str) and (match := _NUMBER.fullmatch(value)):
            return PhoneNumber(f"+{match[1]}", phone_key(match[1])), ""
    return None, _text(given) or _text(ids.get("user_id")) or ""


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = value.get(name)
    return part if isinstance(part, Mapping) else {}


def _short(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and len(value) <= _LONGEST_WORD else ()


def _text(value: Any) -> str | None:
    return _UNSTORABLE.sub("?", value[:_LONGEST]) if isinstance(value, str) and value else None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
