"""Only what Vonage signed for this very account counts, and no byte of it may differ."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.vonage.webhook_signature import BadSignature, must_be_signed
from tests.support.receipt_bodies import API_KEY, SECRET, signed

RAW = '{"status": "read", "name": "María  ", "n": 1.0}'.encode()


def check(raw: bytes, authorization: str | None, ahead: float = 0.0) -> None:
    must_be_signed(authorization, raw, API_KEY, SECRET, time.time() + ahead)


def test_what_vonage_signed_is_taken() -> None:
    check(RAW, signed(RAW)["Authorization"])


def test_a_receipt_that_is_sent_again_for_a_day_is_taken_with_its_first_signature() -> None:
    check(RAW, signed(RAW)["Authorization"], ahead=24 * 3600)


@pytest.mark.parametrize(
    ("reason", "authorization"),
    [
        ("unsigned", None),
        ("unsigned", ""),
        ("unsigned", "Basic YWJjOmRlZg=="),
        ("forged", "Bearer x.y.z"),
        ("forged", "Bearer ñ.y.z"),
        ("forged", "Bearer " + "x" * 100_000),
        ("forged", signed(RAW, secret="another")["Authorization"]),
        ("forged", "Bearer " + jwt.encode({"iat": 1, "payload_hash": "x"}, None, algorithm="none")),  # type: ignore[arg-type]
        ("forged", signed(RAW, iat=None)["Authorization"]),
        ("forged", signed(RAW, payload_hash=None)["Authorization"]),
        ("altered", signed(RAW + b" ")["Authorization"]),
        ("altered", signed(RAW, payload_hash=7)["Authorization"]),
        ("another_account", signed(RAW, api_key="other")["Authorization"]),
        ("another_account", signed(RAW, api_key=None)["Authorization"]),
        ("old", signed(RAW, iat=int(time.time()) - 26 * 3600)["Authorization"]),
        ("old", signed(RAW, iat=int(time.time()) + 3600)["Authorization"]),
    ],
)
def test_anything_else_is_refused_with_its_reason(reason: str, authorization: str | None) -> None:
    with pytest.raises(BadSignature) as refused:
        check(RAW, authorization)
    assert refused.value.reason == reason


def oracle(token: str) -> object:
    """Return the claims as PyJWT reads them; None if it refuses the token."""
    unchecked = {f"verify_{name}": False for name in ("exp", "nbf", "iat", "aud", "iss", "sub", "jti")}
    reader = jwt.PyJWT({"require": ["iat", "payload_hash"], **unchecked})  # type: ignore[arg-type]
    try:
        return reader.decode(token, SECRET.encode().ljust(64, b"\0"), algorithms=["HS256"])
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None


def ours(token: str) -> object:
    """Return the claims as we read them; None if we refuse the token as forged."""
    try:
        return must_be_signed(f"Bearer {token}", RAW, API_KEY, SECRET, time.time())
    except BadSignature as refused:
        return None if refused.reason == "forged" else oracle(token)


def token(header: bytes, payload: bytes) -> str:
    """A token of these parts, whatever they are, that the secret signed."""
    parts = header + b"." + payload
    return (parts + b"." + encoded(hmac.digest(SECRET.encode(), parts, "sha256"))).decode("latin-1")


def encoded(text: bytes) -> bytes:
    return base64.urlsafe_b64encode(text).rstrip(b"=")


GOOD = {"iat": int(time.time()), "payload_hash": hashlib.sha256(RAW).hexdigest(), "api_key": API_KEY}
HEADERS = [
    b'{"alg":"HS256","typ":"JWT"}',
    b'{"typ":"JWT","alg":"HS256","kid":"1"}',
    b'{"alg":"none","alg":"HS256"}',
    '{"alg":"HS256"}'.encode("utf-16"),
    b'{"alg":"HS512"}',
    b'{"alg":"none"}',
    b'{"alg":["HS256"]}',
    b'{"alg":null}',
    b'{"alg":"HS256","crit":["exp"]}',
    b'{"alg":"HS256","crit":["b64"],"b64":false}',
    b'{"alg":"HS256"',
    b'"HS256"',
    b"{}",
    b"[]",
    b"\xff",
    b"",
]
ODD_PAYLOADS = [
    b'{"iat":1}',
    b'{"iat":1e999,"payload_hash":1}',
    b"[]",
    b"null",
    b"1",
    b"",
    b"{" * 9,
    b"[" * 3000,
]
CHANGES = st.dictionaries(
    st.sampled_from([*GOOD, "exp", "nbf"]), st.none() | st.integers() | st.text(max_size=3)
)
PAYLOADS = CHANGES.map(lambda changes: json.dumps({**GOOD, **changes}).encode())


@given(st.sampled_from(HEADERS), PAYLOADS | st.sampled_from(ODD_PAYLOADS))
def test_a_token_s_parts_are_understood_as_pyjwt_does(header: bytes, payload: bytes) -> None:
    made = token(encoded(header), encoded(payload))
    assert ours(made) == oracle(made)


@given(st.data())
def test_no_byte_of_a_token_may_differ(data: st.DataObject) -> None:
    good = token(encoded(b'{"alg":"HS256","typ":"JWT"}'), encoded(json.dumps(GOOD).encode()))
    assert ours(good) == GOOD
    at = data.draw(st.integers(0, len(good)))
    put, cut = data.draw(st.sampled_from([*"aZ09-_.=+/ \n\0", "", "=="])), data.draw(st.integers(0, 2))
    changed = good[:at] + put + good[at + cut :]
    assert ours(changed) == (GOOD if changed == good else None)
    # PyJWT takes "=" at the end of a part, where RFC 7515, section 2, has none.
    assert "=" in changed or ours(changed) == oracle(changed)


@given(st.sampled_from([0, 1]), st.binary(max_size=9), st.integers(0, 40))
def test_a_part_that_is_not_written_in_base64url_is_refused_though_signed(
    part: int, foreign: bytes, at: int
) -> None:
    parts = [encoded(b'{"alg":"HS256","typ":"JWT"}'), encoded(json.dumps(GOOD).encode())]
    parts[part] = parts[part][:at] + foreign + parts[part][at:]
    made = token(*parts)
    assert ours(made) == (None if "=" in made else oracle(made) if made.isascii() else None)
