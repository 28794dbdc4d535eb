"""What an answer means, as a table, and that no answer at all can trip the sending."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.codes.tables import CodeClass
from outbound_campaigns.domain.lifecycle import RecipientEvent
from outbound_campaigns.domain.outcome import CONSEQUENCES, Outcome, OutcomeKind, Pauses
from outbound_campaigns.vonage.gateway import LONGEST_RETRY_AFTER, Answer, outcome_of

K = OutcomeKind
UUID = b'{"message_uuid": "aaaaaaaa-0000-4000-8000-000000000001"}'
NAMES_TO = b'{"title": "Invalid recipient", "invalid_parameters": [{"name": "to", "reason": "bad"}]}'
NAMES_INNER_TO = b'{"invalid_parameters": [{"name": "failover[0].to", "reason": "bad"}]}'
NAMES_FROM = b'{"invalid_parameters": [{"name": "from", "reason": "bad"}, "odd", null]}'
THROTTLED = b'{"type": "https://developer.vonage.com/api-errors#throttled"}'
RATE_LIMIT = b'{"type": "https://developer.vonage.com/api-errors#rate-limit"}'

# status, body: the outcome, its code
TABLE: list[tuple[int, bytes, OutcomeKind, str | None]] = [
    (202, UUID, K.ACCEPTED, None),
    (200, UUID, K.ACCEPTED, None),
    (202, b'{"message_uuid": ""}', K.IN_DOUBT, "unreadable_answer"),
    (202, b'{"message_uuid": 7}', K.IN_DOUBT, "unreadable_answer"),
    (202, b"[]", K.IN_DOUBT, "unreadable_answer"),
    (204, b"", K.IN_DOUBT, "unreadable_answer"),
    (429, b"", K.THROTTLED, "http_429"),
    (403, THROTTLED, K.THROTTLED, "http_429"),
    (400, RATE_LIMIT, K.THROTTLED, "http_429"),
    (402, b"{}", K.ACCOUNT_TROUBLE, "http_402"),
    (403, b"{}", K.ACCOUNT_TROUBLE, "http_403"),
    (404, b"<html>", K.ACCOUNT_TROUBLE, "http_404"),
    (301, b"", K.ACCOUNT_TROUBLE, "http_3xx"),
    (308, b"", K.ACCOUNT_TROUBLE, "http_3xx"),
    (422, NAMES_TO, K.RECIPIENT_REFUSED, "http_422_to"),
    (422, NAMES_INNER_TO, K.RECIPIENT_REFUSED, "http_422_to"),
    (422, NAMES_FROM, K.CAMPAIGN_TROUBLE, "http_422"),
    (422, b"", K.CAMPAIGN_TROUBLE, "http_422"),
    (400, NAMES_TO, K.CAMPAIGN_TROUBLE, "http_400"),
    (413, b"", K.CAMPAIGN_TROUBLE, "http_413"),
    (500, b"", K.IN_DOUBT, "http_500"),
    (503, THROTTLED, K.IN_DOUBT, "http_503"),
    (504, b"<html>", K.IN_DOUBT, "http_504"),
]
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["type", "title", "detail", "invalid_parameters", "name", "reason", "message_uuid"])
BODIES = st.binary() | st.dictionaries(NAMES, JSON_VALUES).map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(st.sampled_from(["Retry-After", "retry-after", "X-Other"]), st.text(), max_size=2)


def outcome(status: int, body: bytes, retry_after: str | None = None) -> Outcome:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return outcome_of(Answer(status, headers, body))


@pytest.mark.parametrize(("status", "body", "kind", "code"), TABLE)
def test_an_answer_means_what_the_design_says(
    status: int, body: bytes, kind: OutcomeKind, code: str | None
) -> None:
    found = outcome(status, body)
    assert (found.kind, found.code) == (kind, code)


@given(st.integers(200, 999), BODIES, HEADERS)
def test_any_answer_gives_an_outcome_that_can_be_explained(
    status: int, body: bytes, headers: dict[str, str]
) -> None:
    found = outcome_of(Answer(status, headers, body))
    assert (found.kind is K.ACCEPTED) == (found.message_uuid is not None)
    assert found.code is None or explain(found.code).code_class is not CodeClass.UNKNOWN


@given(st.integers(100, 999), BODIES)
def test_what_is_kept_of_any_answer_fits_into_a_database(status: int, body: bytes) -> None:
    found = outcome_of(Answer(status, {}, body))
    for text in (found.detail or "", found.message_uuid or ""):
        assert "\0" not in text.encode().decode()
        assert len(text) <= 500


@pytest.mark.parametrize("text", ["a\\u0000b", "a\\ud800b", "x" * 10_000])
def test_texts_that_no_database_takes_are_mended(text: str) -> None:
    found = outcome(422, b'{"title": "%s"}' % text.encode())
    assert found.detail is not None
    assert "\0" not in found.detail.encode().decode()
    assert len(found.detail) <= 500


@pytest.mark.parametrize("uuid", ["\\u0000", "\\ud800", "x" * 10_000])
def test_a_uuid_that_can_not_be_kept_leaves_the_message_in_doubt(uuid: str) -> None:
    assert outcome(202, b'{"message_uuid": "%s"}' % uuid.encode()).kind is K.IN_DOUBT


def test_a_body_nested_without_end_is_no_json() -> None:
    assert outcome(202, b"[" * 60_000).code == "unreadable_answer"


def test_a_refusals_words_are_joined() -> None:
    body = b'{"title": "Invalid", "detail": "Wrong", "invalid_parameters": [{"name": "to", "reason": "bad"}]}'
    assert outcome(422, body).detail == "Invalid · Wrong · to: bad"


def test_a_refusal_without_words_has_none() -> None:
    assert outcome(422, b"").detail is None


@pytest.mark.parametrize(
    ("given_", "seconds"),
    [
        ("15", 15.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("999999", LONGEST_RETRY_AFTER),
        ("1e999", LONGEST_RETRY_AFTER),
        ("soon", None),
        ("nan", None),
        ("", None),
        ("Fri, 01 Mar 2019 12:00:00 -0000", None),
        ("01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("01 Jan 2024 00:00:00 +99999999999999", None),
    ],
)
def test_retry_after_is_read_as_seconds(given_: str, seconds: float | None) -> None:
    assert outcome(429, b"", given_).retry_after == seconds


def test_retry_after_is_read_as_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    seconds = outcome(429, b"", date).retry_after
    assert seconds is not None
    assert 500 < seconds <= 600


def test_a_retry_after_that_has_passed_means_at_once() -> None:
    assert outcome(429, b"", "Fri, 01 Mar 2019 12:00:00 GMT").retry_after == 0


def test_without_retry_after_the_wait_is_ours_to_choose() -> None:
    assert outcome(429, b"").retry_after is None


@given(st.text())
def test_any_retry_after_is_read_without_tripping(text: str) -> None:
    seconds = outcome(429, b"", text).retry_after
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER


def class_by_consequence(kind: OutcomeKind) -> CodeClass:
    """What a code's class has to say, by what really happens after such an outcome."""
    consequence = CONSEQUENCES[kind]
    by_pause = {
        Pauses.ACCOUNT: CodeClass.ACCOUNT,
        Pauses.CAMPAIGN_WHEN_REPEATED: CodeClass.CAMPAIGN,
        Pauses.NOBODY: CodeClass.RETRY,
    }
    by_event = {RecipientEvent.REFUSE: CodeClass.RECIPIENT, RecipientEvent.LOSE: CodeClass.IN_DOUBT}
    return by_event.get(consequence.event, by_pause[consequence.pauses])


@pytest.mark.parametrize("body", [b"", UUID, NAMES_TO, NAMES_FROM, THROTTLED], ids=lambda body: body[:20])
def test_the_class_of_an_answers_code_is_what_really_follows(body: bytes) -> None:
    outcomes = [outcome(status, body) for status in range(200, 600) if status != 401]
    found = {one.code: one.kind for one in outcomes if one.code is not None}
    assert {code: explain(code).code_class for code in found} == {
        code: class_by_consequence(kind) for code, kind in found.items()
    }
