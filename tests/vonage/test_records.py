"""What is asked of Vonage's records and how it is understood, whatever comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from outbound_campaigns.domain.refusals.configuration import ReportsRefused
from outbound_campaigns.vonage.records import NotNow, VonageRecords
from tests.support.lost import KEY, credentials, post
from tests.support.simulator_process import RunningSimulator

PERSON, OTHER = "5214422591631", "5214421234567"
URL = "https://records.example"
RECORDS = f"{URL}/v2/reports/records"


def of_person(records: VonageRecords, since: timedelta = timedelta(minutes=-5)) -> list[str]:
    now = datetime.now(UTC)
    found = records.of_number(PERSON, now + since, now + since + timedelta(hours=1))
    return [record.client_ref for record in found]


def given(account_simulator: RunningSimulator) -> Any:
    return requests.get(f"{account_simulator.url}/_simulator/reports", timeout=10).json()["given"]


def change(account_simulator: RunningSimulator, **settings: Any) -> None:
    answer = requests.post(f"{account_simulator.url}/_simulator/reports", json=settings, timeout=10)
    answer.raise_for_status()


def test_a_persons_messages_of_a_time_are_found_on_every_page(
    account_simulator: RunningSimulator, records: VonageRecords
) -> None:
    change(account_simulator, page_size=2)
    for number in range(5):
        post(account_simulator, PERSON, f"a-{number}-1")
    post(account_simulator, OTHER, "b-1-1")
    assert of_person(records) == [f"a-{number}-1" for number in range(5)]
    assert of_person(records, timedelta(hours=-3)) == []
    assert (records.usage.records, records.usage.questions) == (5, 4)
    assert given(account_simulator)["records"] == 5


def test_messages_are_found_by_vonages_own_ids_and_unknown_ones_left_out(
    account_simulator: RunningSimulator, records: VonageRecords
) -> None:
    uuids = [post(account_simulator, PERSON, f"a-{number}-1") for number in range(20)]
    found = records.of_messages([*uuids[:19], "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"])
    assert sorted(record.message_uuid for record in found) == sorted(uuids[:19])


@pytest.mark.parametrize("retry_after", [None, 7])
def test_a_throttle_is_for_later_when_vonage_says(
    account_simulator: RunningSimulator, records: VonageRecords, retry_after: int | None
) -> None:
    change(account_simulator, throttled=1, retry_after=retry_after)
    with pytest.raises(NotNow) as caught:
        of_person(records)
    assert caught.value.wait == retry_after
    assert of_person(records) == []


def test_credentials_that_are_refused_are_for_no_later(account_simulator: RunningSimulator) -> None:
    with pytest.raises(ReportsRefused) as caught:
        of_person(VonageRecords(account_simulator.url, credentials("wrong")))
    assert caught.value.values == {"status": 401}


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ({"status": 500}, NotNow),
        ({"status": 503, "headers": {"Retry-After": "tomorrow"}}, NotNow),
        ({"body": "<html>"}, NotNow),
        ({"json": [1]}, NotNow),
        ({"json": None}, NotNow),
        ({"json": {}}, NotNow),
        ({"json": {"records": None}}, NotNow),
        ({"json": {"records": {"error": "later"}}}, NotNow),
        ({"json": {"request_status": "PENDING"}}, NotNow),
        ({"json": {"request_status": "PENDING", "records": []}}, NotNow),
        ({"json": {"request_status": "TRUNCATED", "records": []}}, NotNow),
        ({"json": {"request_status": "SUCCESS", "items_count": 2, "records": []}}, NotNow),
        ({"json": {"title": "Internal error", "detail": "…"}}, NotNow),
        ({"body": requests.ConnectionError("to 5214422591631")}, NotNow),
        ({"body": requests.Timeout()}, NotNow),
        ({"status": 302, "headers": {"Location": "https://elsewhere.example"}}, ReportsRefused),
        ({"status": 403, "json": {"title": "Forbidden"}}, ReportsRefused),
        ({"status": 404}, ReportsRefused),
        ({"status": 422}, ReportsRefused),
    ],
)
@responses.activate
def test_an_answer_that_is_none_is_later_or_never(answer: dict[str, Any], refusal: type[Exception]) -> None:
    responses.get(RECORDS, **answer)
    with pytest.raises(refusal) as caught:
        of_person(VonageRecords(URL, credentials()))
    assert PERSON not in str(caught.value)
    assert len(responses.calls) == 1


@responses.activate
def test_records_that_lack_what_they_should_have_are_survived() -> None:
    odd = [{}, {"client_ref": 7, "to": None}, "text", {"client_ref": "a-1-1", "status": "READ", "id": [1]}]
    responses.get(RECORDS, json={"records": odd})
    assert of_person(VonageRecords(URL, credentials())) == ["", "7", "a-1-1"]


@responses.activate
def test_the_secret_goes_to_no_other_host_however_the_next_page_is_called() -> None:
    following = "https://elsewhere.example/records?cursor=abc&iv=def"
    first = {"records": [{"client_ref": "a-1-1"}], "_links": {"next": {"href": following}}}
    responses.get(RECORDS, json=first)
    responses.get(RECORDS, json={"records": [{"client_ref": "a-2-1"}], "_links": {}})
    assert of_person(VonageRecords(URL, credentials())) == ["a-1-1", "a-2-1"]
    asked = [urlsplit(str(call.request.url)) for call in responses.calls]
    assert {url.hostname for url in asked} == {"records.example"}
    assert parse_qs(asked[1].query) == {"cursor": ["abc"], "iv": ["def"]}


@responses.activate
def test_a_question_names_the_account_and_a_time_of_at_most_a_day() -> None:
    responses.get(RECORDS, json={"records": []})
    since = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
    VonageRecords(URL, credentials()).of_number("+" + PERSON, since, since + timedelta(hours=1))
    asked = parse_qs(urlsplit(str(responses.calls[0].request.url)).query)
    assert asked == {
        "account_id": [KEY],
        "product": ["MESSAGES"],
        "direction": ["outbound"],
        "to": [PERSON],
        "date_start": ["2026-03-01T12:00:00+00:00"],
        "date_end": ["2026-03-01T13:00:00+00:00"],
    }
