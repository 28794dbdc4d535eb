"""Only what Vonage signed for this very account counts, and no byte of it may differ."""

import time

import jwt
import pytest

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
