"""Builds the bodies that Vonage posts to a webhook, and signs them."""

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import jwt

from vonage_simulator.accounts import Account
from vonage_simulator.problems import ERRORS

DETAILS = {
    "1000": "Throttled - You have exceeded the submission capacity allowed on this account.",
    "1020": "Invalid params",
    "1022": "Invalid template or template parameters",
    "1030": "Internal error",
    "1070": "Partner quota exceeded",
    "1170": "Invalid or missing recipient",
    "1240": "Illegal number",
    "1300": "Not part of the provider network",
    "1330": "Unknown",
    "1340": "Outside of the allowed window",
    "1461": "Message auto-limited by the provider",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """An accepted message: the values that its receipts need."""

    message_uuid: str
    to: str
    sender: str
    channel: str
    client_ref: str
    url: str
    account: Account


@dataclass(frozen=True, slots=True)
class Inbound:
    """A message that a person writes to a sender; with a `payload` it is a tap on a quick reply."""

    to: str
    sender: str
    text: str
    payload: str = ""
    answers: str = ""


def status_body(sent: Sent, status: str, code: str = "", integer_title: bool = False) -> bytes:
    """Return the status webhook (v1) of a message, with an error when there is a code."""
    body: dict[str, object] = {
        "message_uuid": sent.message_uuid,
        "to": sent.to,
        "from": sent.sender,
        "channel": sent.channel,
        "timestamp": _timestamp(),
        "status": status,
        "usage": {"currency": "EUR", "price": "0"},
    }
    if sent.client_ref:
        body["client_ref"] = sent.client_ref
    if sent.channel == "whatsapp":
        body["whatsapp"] = {"recipient": {"wa_id": sent.to}}
    if code:
        body["error"] = _error(code, integer_title)
    return json.dumps(body, separators=(",", ":")).encode()


def inbound_body(inbound: Inbound, message_uuid: str) -> bytes:
    """Return the inbound webhook of a text, or of a tap on a quick reply."""
    body: dict[str, object] = {
        "channel": "whatsapp",
        "message_uuid": message_uuid,
        "to": inbound.to,
        "from": inbound.sender,
        "timestamp": _timestamp(),
        "profile": {"name": "Ana"},
        "context_status": "available" if inbound.answers else "none",
        "whatsapp": {"sender": {"wa_id": inbound.sender}},
    }
    if inbound.answers:
        body["context"] = {"message_uuid": inbound.answers, "message_from": inbound.to}
    if inbound.payload:
        body |= {"message_type": "button"}
        body["button"] = {"payload": inbound.payload, "text": inbound.text}
    else:
        body |= {"message_type": "text", "text": inbound.text}
    return json.dumps(body, separators=(",", ":")).encode()


def signed_headers(account: Account, body: bytes) -> dict[str, str]:
    """Return the headers of a webhook; it is unsigned without a signature secret."""
    headers = {"Content-Type": "application/json"}
    if account.signature_secret:
        headers["Authorization"] = f"Bearer {_signature(account, body)}"
    return headers


def _signature(account: Account, body: bytes) -> str:
    claims: dict[str, object] = {
        "iat": int(time.time()),
        "jti": str(uuid4()),
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(body).hexdigest(),
        "api_key": account.api_key,
    }
    if account.application_id:
        claims["application_id"] = account.application_id
    return jwt.encode(claims, account.signature_secret, algorithm="HS256")


def _error(code: str, integer_title: bool) -> dict[str, object]:
    return {
        "type": f"{ERRORS}/messages#{code}",
        "title": int(code) if integer_title else code,
        "detail": DETAILS.get(code, "The message could not be delivered"),
        "instance": uuid4().hex,
    }


def _timestamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
