"""Checks that a webhook is Vonage's (Messages API, "signed webhooks"; the hash is over the raw bytes)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

import jwt

OLDEST = 25 * 3600.0
"""seconds; Vonage sends a receipt again for a day, and may do so with its first signature"""

LEEWAY = 120.0
"""seconds by which Vonage's clock may be ahead of ours"""

_LONGEST = 8 * 1024
_HMAC_BLOCK = 64
_TOKENS = jwt.PyJWT(
    {
        "require": ["iat", "payload_hash"],
        "verify_exp": False,
        "verify_nbf": False,
        "verify_iat": False,
        "verify_aud": False,
        "verify_iss": False,
        "verify_sub": False,
        "verify_jti": False,
    }
)


class BadSignature(Exception):
    """Raised for a bad signature; `reason` is unsigned, forged, altered, another_account or old."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def must_be_signed(
    authorization: str | None, raw: bytes, api_key: str, secret: str, now: float
) -> Mapping[str, object]:
    """Return the claims of a good signature; `now` is in seconds since 1970. Raises BadSignature."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise BadSignature("unsigned")
    claims = _claims(token, secret)
    wanted = hashlib.sha256(raw).hexdigest()
    if not hmac.compare_digest(str(claims["payload_hash"]).encode(errors="replace"), wanted.encode()):
        raise BadSignature("altered")
    # A subaccount signs with a key and a secret of its own.
    if claims.get("api_key") != api_key:
        raise BadSignature("another_account")
    issued = claims["iat"]
    if not isinstance(issued, int | float) or not -LEEWAY <= now - issued <= OLDEST:
        raise BadSignature("old")
    return claims


def _claims(token: str, secret: str) -> Mapping[str, object]:
    # HMAC itself pads a short key with zeros; padded here, the library does not warn that it is short.
    key = secret.encode().ljust(_HMAC_BLOCK, b"\0")
    if len(token) > _LONGEST or not token.isascii():
        raise BadSignature("forged")
    try:
        claims: dict[str, object] = _TOKENS.decode(token, key, algorithms=["HS256"])
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise BadSignature("forged") from None
    return claims
