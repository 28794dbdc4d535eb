"""Receipts as Vonage posts them, and their signature."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

import jwt

SECRET = "s1gnature-of-the-account"
API_KEY = "abcd1234"


HIDDEN = "MX.13491208655302741918"
"""stands for a person whose number is hidden (Messages API, "business-scoped user id")"""


def v1(status: str, client_ref: str | None, message_uuid: str = "uuid-1", **more: Any) -> str:
    body = {
        "message_uuid": message_uuid,
        "to": HIDDEN if client_ref else "5214422591631",
        "from": "5215550001111",
        "channel": "whatsapp",
        "timestamp": "2026-11-25T00:00:00.000Z",
        "status": status,
        "usage": {"currency": "EUR", "price": "0"},
        **({"client_ref": client_ref} if client_ref else {}),
        **more,
    }
    return json.dumps(body)


def failed(code: int | str, client_ref: str, status: str = "undeliverable", **more: Any) -> str:
    error = {"type": "https://developer.vonage.com/api-errors/messages#x", "title": code, "detail": "said so"}
    return v1(status, client_ref, error=error, **more)


def v0_1(status: str, message_uuid: str, code: int = 1022) -> str:
    """The shape of applications that are still set to the older version: no client_ref."""
    body = {
        "message_uuid": message_uuid,
        "from": {"type": "whatsapp", "number": "5215550001111"},
        "to": {"type": "whatsapp", "number": "5214422591631"},
        "timestamp": "2021-05-17T15:36:49.011Z",
        "status": status,
    }
    if status == "rejected":
        body["error"] = {"reason": "Invalid template", "code": code}
    return json.dumps(body)


def signed(raw: bytes, secret: str = SECRET, **claims: Any) -> dict[str, str]:
    """The headers with which Vonage posts a body; a claim that is None is left out."""
    payload = {
        "iat": int(time.time()),
        "jti": "c5ba8f24",
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(raw).hexdigest(),
        "api_key": API_KEY,
        **claims,
    }
    kept = {name: value for name, value in payload.items() if value is not None}
    token = jwt.encode(kept, secret.encode().ljust(64, b"\0"), algorithm="HS256")
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
