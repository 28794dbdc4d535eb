"""An account, its key, its tokens, and messages as a sender would write them."""

import time
from functools import cache
from typing import Any

import jwt
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from vonage_simulator import Account

SENDER = "5215550001111"
APPLICATION = "7f1c1f9e-3c55-4b6e-8f53-0e3c4a1d2b6a"
SECRET = "a signature secret of enough length"
BASIC = ("5f3a9c01", "correct horse")
TIMEOUT = 20


@cache
def private_key() -> rsa.RSAPrivateKey:
    """The application's key, made once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key_pem() -> str:
    """What Vonage keeps of it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return private_key().public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def account(**changes: Any) -> Account:
    """An account with both kinds of credentials and one sender."""
    values: dict[str, Any] = {
        "api_key": BASIC[0],
        "api_secret": BASIC[1],
        "application_id": APPLICATION,
        "public_key_pem": public_key_pem(),
        "signature_secret": SECRET,
        "senders": (SENDER,),
    }
    return Account(**values | changes)


def token(key: rsa.RSAPrivateKey | None = None, **changes: Any) -> str:
    """A token of the application; a claim set to None is left out."""
    now = time.time()
    claims = {"application_id": APPLICATION, "iat": now, "exp": now + 900, "jti": "b1"} | changes
    kept = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(kept, key or private_key(), algorithm="RS256")


def custom(**changes: Any) -> dict[str, Any]:
    """A message of the kind `custom`."""
    template = {
        "name": "promo_octubre",
        "language": {"policy": "deterministic", "code": "es_MX"},
        "components": [
            {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://a/b.jpg"}}]},
            {"type": "body", "parameters": [{"type": "text", "text": "Ana"}]},
            {
                "type": "button",
                "sub_type": "quick_reply",
                "index": 0,
                "parameters": [{"type": "payload", "payload": "STOP"}],
            },
        ],
    }
    return _message("custom", {"custom": {"type": "template", "template": template}} | changes)


def positional(**changes: Any) -> dict[str, Any]:
    """A message of the kind `template`."""
    parts = {
        "template": {"name": "promo_octubre", "parameters": ["Ana", "20%"]},
        "whatsapp": {"policy": "deterministic", "locale": "es_MX"},
    }
    return _message("template", parts | changes)


def send(url: str, message: Any, **options: Any) -> requests.Response:
    """POST a message with the account's Basic credentials."""
    settings: dict[str, Any] = {"auth": BASIC, "timeout": TIMEOUT}
    return requests.post(f"{url}/v1/messages", json=message, **settings | options)


def _message(kind: str, changes: dict[str, Any]) -> dict[str, Any]:
    common = {"to": "5214422591631", "from": SENDER, "channel": "whatsapp", "message_type": kind}
    message = common | {"client_ref": "c42-1"} | changes
    return {name: value for name, value in message.items() if value is not None}
