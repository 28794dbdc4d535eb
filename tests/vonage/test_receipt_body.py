"""Whatever shape a receipt has, what it tells is understood, or it is left aside; nothing breaks."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.vonage.client_ref import ClientRef
from outbound_campaigns.vonage.receipt_body import UnreadableReceipt, read_receipt
from tests.support.receipt_bodies import failed, v0_1, v1


def test_a_receipt_is_read() -> None:
    told = read_receipt(v1("delivered", "k7wq2m9x-1042-1", to="5214422591631"))
    assert (told.message_uuid, told.status, told.to) == ("uuid-1", "delivered", "5214422591631")
    assert told.client_ref == ClientRef("k7wq2m9x", 1042, 1)
    assert told.at == datetime(2026, 11, 25, tzinfo=UTC)
    assert (told.code, told.detail) == (None, None)


@pytest.mark.parametrize("code", ["1022", 1022])
def test_a_code_may_be_a_text_or_a_number(code: str | int) -> None:
    told = read_receipt(failed(code, "abc-1-1"))
    assert (told.code, told.detail) == ("1022", "said so")


def test_a_code_beside_a_success_is_no_failure() -> None:
    told = read_receipt(v1("read", "abc-1-1", error={"title": 1000, "detail": "Throttled"}))
    assert (told.status, told.code) == ("read", None)


def test_the_older_shape_is_read() -> None:
    told = read_receipt(v0_1("rejected", "uuid-7"))
    assert (told.message_uuid, told.status, told.code) == ("uuid-7", "rejected", "1022")
    assert (told.to, told.client_ref, told.detail) == ("5214422591631", None, "Invalid template")


def test_a_failure_without_a_code_is_unknown() -> None:
    assert read_receipt(v1("undeliverable", "abc-1-1")).code == "unknown"


@pytest.mark.parametrize(
    "ref", ["c42:r1001", "", "abc-1", "abc-1-1-1", "ABC-1-1", "abc-1-x", "a" * 200, 7, None, ["abc-1-1"]]
)
def test_a_client_ref_that_is_not_ours_is_passed_over(ref: Any) -> None:
    assert (
        read_receipt(json.dumps({"message_uuid": "u", "status": "read", "client_ref": ref})).client_ref
        is None
    )


@pytest.mark.parametrize("timestamp", ["", "yesterday", 7, None, "9999-12-31T23:59:59-23:59", {}])
def test_an_odd_time_is_passed_over(timestamp: Any) -> None:
    told = read_receipt(json.dumps({"message_uuid": "u", "status": "read", "timestamp": timestamp}))
    assert told.at is None


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "x",
        "[]",
        "null",
        "{}",
        '{"status": "read"}',
        '{"message_uuid": "u", "status": "seen"}',
        "[" * 9999,
    ],
)
def test_what_is_no_receipt_is_left_aside(raw: str) -> None:
    with pytest.raises(UnreadableReceipt):
        read_receipt(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["message_uuid", "status", "client_ref", "error", "to", "timestamp", "whatsapp", "usage"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_object_is_read_or_left_aside(body: dict[str, Any]) -> None:
    try:
        told = read_receipt(json.dumps(body))
    except UnreadableReceipt:
        return
    assert told.message_uuid
