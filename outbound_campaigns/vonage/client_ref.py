"""Our name of an attempt, which Vonage gives back in receipts and records: made and read here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

_FORM = re.compile(r"([a-z0-9]{1,16})-([0-9]{1,18})-([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ClientRef:
    """The attempt that a client_ref names."""

    campaign_ref: str
    recipient_id: int
    attempt: int


def client_ref(campaign_ref: str, recipient_id: int, number: int) -> str:
    """The attempt's id as a short text; at most 40 characters, unique."""
    return f"{campaign_ref}-{recipient_id}-{number}"


def read_client_ref(value: Any) -> ClientRef | None:
    match = _FORM.fullmatch(value) if isinstance(value, str) else None
    return ClientRef(match[1], int(match[2]), int(match[3])) if match else None
