"""Makes and reads the id of an attempt, which Vonage returns in receipts and records."""

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
    """Return the attempt's id as a short text, unique and at most 40 characters long."""
    return f"{campaign_ref}-{recipient_id}-{number}"


def read_client_ref(value: Any) -> ClientRef | None:
    """Return the attempt that a client_ref names; None for a text that is not ours."""
    match = _FORM.fullmatch(value) if isinstance(value, str) else None
    return ClientRef(match[1], int(match[2]), int(match[3])) if match else None
