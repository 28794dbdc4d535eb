"""Reads the body of a receipt in either of its shapes, v1 and v0.1 (Messages API, "message status")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outbound_campaigns.vonage.client_ref import ClientRef, read_client_ref
from outbound_campaigns.vonage.json_values import moment_of, read_object, text_or_number

STATUSES = ("submitted", "delivered", "read", "rejected", "undeliverable")

_LONGEST = 200
_DETAIL = 500


class UnreadableReceipt(Exception):
    """Raised for a body that is no receipt."""


@dataclass(frozen=True, slots=True)
class ReceiptBody:
    """A receipt's content. `code` is set only with a failure; `at` is by Vonage's clock; `to` is digits."""

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
    """Read a receipt, even if other values in it are missing or odd.

    Raises UnreadableReceipt where it names no message or no known status.
    """
    body = read_object(raw)
    if body is None:
        raise UnreadableReceipt("no JSON object")
    message_uuid = text_or_number(body.get("message_uuid"), _LONGEST)
    status = text_or_number(body.get("status"), _LONGEST)
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
        at=moment_of(body.get("timestamp")),
        to=_number(body.get("to")),
    )


def _error(error: Any) -> tuple[str | None, str | None]:
    """Return (code, detail): v1 has the code as title, at times a number; v0.1 has code and reason."""
    if not isinstance(error, Mapping):
        return None, None
    code = text_or_number(error.get("title", error.get("code")), _LONGEST)
    return code, text_or_number(error.get("detail", error.get("reason")), _DETAIL)


def _number(value: Any) -> str | None:
    """Return the digits of a number: v1 gives the number itself, v0.1 {"type", "number"}."""
    if isinstance(value, Mapping):
        value = value.get("number")
    plain = re.sub("[ ()+-]", "", value) if isinstance(value, str) else ""
    # Not of a masked number, nor of an id such as MX.13491208655302 ("BSUID"), which stands for a hidden one.
    return plain if re.fullmatch("[0-9]{7,15}", plain) else None
