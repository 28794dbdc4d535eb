"""A receipt's body in either of its shapes, v1 and v0.1 (Messages API, "message status")."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from outbound_campaigns.vonage.client_ref import ClientRef, read_client_ref

STATUSES = ("submitted", "delivered", "read", "rejected", "undeliverable")

_LONGEST = 200
_DETAIL = 500
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class UnreadableReceipt(Exception):
    """No receipt can be made out of the body."""


@dataclass(frozen=True, slots=True)
class ReceiptBody:
    """What a receipt tells. `code` only with a failure; `at` by Vonage's clock; `to` as digits."""

    message_uuid: str
    status: str
    client_ref: ClientRef | None = None
    code: str | None = None
    detail: str | None = None
    at: datetime | None = None
    to: str | None = None

    @property
    def is_failure(self) -> bool:
        return self.status in ("rejected", "undeliverable")


def read_receipt(raw: str) -> ReceiptBody:
    """Raises Unreadable where the message or its status is not told; all else may be missing or odd."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise UnreadableReceipt("no JSON") from None
    if not isinstance(body, dict):
        raise UnreadableReceipt("no object")
    message_uuid, status = _text(body.get("message_uuid")), _text(body.get("status"))
    if not message_uuid or status not in STATUSES:
        raise UnreadableReceipt("no message or status")
    code, detail = _error(body.get("error"))
    failed = status in ("rejected", "undeliverable")
    return ReceiptBody(
        message_uuid=message_uuid,
        status=status,
        client_ref=read_client_ref(body.get("client_ref")),
        code=(code or "unknown") if failed else None,
        detail=detail if failed else None,
        at=_moment(body.get("timestamp")),
        to=_number(body.get("to")),
    )


def _error(error: Any) -> tuple[str | None, str | None]:
    """(code, detail): v1 has the code as title, at times a number; v0.1 has code and reason."""
    if not isinstance(error, Mapping):
        return None, None
    return _text(error.get("title", error.get("code"))), _text(
        error.get("detail", error.get("reason")), _DETAIL
    )


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


def _number(value: Any) -> str | None:
    """v1 gives the number itself, v0.1 {"type", "number"}."""
    if isinstance(value, Mapping):
        value = value.get("number")
    digits = re.sub("[^0-9]", "", value) if isinstance(value, str) else ""
    return digits if 7 <= len(digits) <= 15 else None


def _text(value: Any, longest: int = _LONGEST) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return _UNSTORABLE.sub("?", value[:longest]) if isinstance(value, str) and value else None
