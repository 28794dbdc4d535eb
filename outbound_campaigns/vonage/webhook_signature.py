"""Checks that a webhook is Vonage's (Messages API, "signed webhooks"; the hash is over the raw bytes)."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache

OLDEST = 25 * 3600.0
"""seconds; Vonage sends a receipt again for a day, and may do so with its first signature"""

LEEWAY = 120.0
"""seconds by which Vonage's clock may be ahead of ours"""

_LONGEST = 8 * 1024
_REQUIRED = ("iat", "payload_hash")


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
    """Return what a token says that this secret signed (RFC 7515 and 7519, HS256). Raises BadSignature.

    Done here and not by PyJWT, whose check is a third of all that a receipt costs.
    """
    if len(token) > _LONGEST or not token.isascii():
        raise BadSignature("forged")
    signed, _, signature = token.encode().rpartition(b".")
    header, _, payload = signed.partition(b".")
    digest = hmac.digest(secret.encode(), signed, "sha256")
    is_ours = hmac.compare_digest(urlsafe_b64encode(digest).rstrip(b"="), signature)
    claims = _object(payload) if is_ours and _means_hs256(header) else None
    if claims is None or any(claims.get(name) is None for name in _REQUIRED):
        raise BadSignature("forged")
    return claims


@lru_cache(maxsize=16)
def _means_hs256(header: bytes) -> bool:
    """Return whether a token's header asks for HS256 and for nothing more."""
    found = _object(header) or {}
    # Extensions that must be understood, of which we know none (RFC 7515, 4.1.11).
    return found.get("alg") == "HS256" and not {"crit", "b64"} & found.keys()


def _object(segment: bytes) -> dict[str, object] | None:
    """Return the JSON object in a part of a token; None if it is something else."""
    try:
        text = urlsafe_b64decode(segment + b"=" * (-len(segment) % 4))
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    # Decoding passes over what does not belong there.
    is_canonical = urlsafe_b64encode(text).rstrip(b"=") == segment
    return found if is_canonical and isinstance(found, dict) else None
