"""The Reports API: the ledger's messages, page by page, to the account that sent them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from tests.support.simulator_examples import BASIC, SENDER, TIMEOUT, account, custom, send, token
from tests.support.simulator_process import RunningSimulator, running_simulator
from vonage_simulator import ReceiptSettings, ReportSettings, SimulatorConfig

OTHER = ("00000000", "other secret")
PERSON, OTHER_PERSON = "5214422591631", "447700900000"


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    config = SimulatorConfig(
        accounts=(account(), account(api_key=OTHER[0], api_secret=OTHER[1], application_id="")),
        receipts=ReceiptSettings(on=False, read_share=0),
        reports=ReportSettings(page_size=2),
    )
    with running_simulator(config) as running:
        yield running


def ask(simulator: RunningSimulator, auth: Any = BASIC, **changes: Any) -> requests.Response:
    query = {"product": "MESSAGES", "account_id": BASIC[0], "direction": "outbound", "to": PERSON}
    url = f"{simulator.url}/v2/reports/records"
    return requests.get(url, params=query | changes, auth=auth, timeout=TIMEOUT)


def given(simulator: RunningSimulator) -> Any:
    return requests.get(f"{simulator.url}/_simulator/reports", timeout=TIMEOUT).json()["given"]


def change(simulator: RunningSimulator, **settings: Any) -> requests.Response:
    return requests.post(f"{simulator.url}/_simulator/reports", json=settings, timeout=TIMEOUT)


def moments(since: timedelta, until: timedelta) -> dict[str, str]:
    now = datetime.now(UTC)
    return {"date_start": (now + since).isoformat(), "date_end": (now + until).isoformat()}


def test_a_record_tells_what_was_accepted_and_what_became_of_it(simulator: RunningSimulator) -> None:
    uuid = send(simulator.url, custom(client_ref="a-1-1")).json()["message_uuid"]
    answer = ask(simulator).json()
    (record,) = answer["records"]
    assert answer["request_status"] == "SUCCESS"
    assert datetime.fromisoformat(record.pop("date_received")) <= datetime.now(UTC)
    assert datetime.fromisoformat(record.pop("date_finalized")) <= datetime.now(UTC)
    assert record == {
        "account_id": BASIC[0], "message_id": uuid, "client_ref": "a-1-1", "direction": "outbound",
        "from": SENDER, "to": PERSON, "provider": "whatsapp", "status": "delivered", "error_code": "",
        "currency": "EUR", "total_price": "0.0458",
    }  # fmt: skip


def test_following_the_pages_gives_every_record_of_the_number_once_and_counts_them(
    simulator: RunningSimulator,
) -> None:
    for number in range(5):
        send(simulator.url, custom(client_ref=f"a-{number}-1"))
        send(simulator.url, custom(client_ref=f"b-{number}-1", to=OTHER_PERSON))
    answer = ask(simulator).json()
    pages = [answer["records"]]
    while "next" in answer["_links"]:
        answer = requests.get(answer["_links"]["next"]["href"], auth=BASIC, timeout=TIMEOUT).json()
        pages.append(answer["records"])
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [one["client_ref"] for page in pages for one in page] == [f"a-{n}-1" for n in range(5)]
    assert given(simulator) == {"questions": 3, "throttled": 0, "records": 5}


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (timedelta(minutes=-1), timedelta(minutes=1), 1),
        (timedelta(minutes=1), timedelta(minutes=2), 0),
        (timedelta(minutes=-2), timedelta(minutes=-1), 0),
    ],
)
def test_only_the_asked_period_is_answered(
    simulator: RunningSimulator, since: timedelta, until: timedelta, found: int
) -> None:
    send(simulator.url, custom())
    assert len(ask(simulator, **moments(since, until)).json()["records"]) == found


def test_without_a_number_every_message_of_the_account_is_given(simulator: RunningSimulator) -> None:
    send(simulator.url, custom())
    send(simulator.url, custom(to=OTHER_PERSON))
    assert len(ask(simulator, to=None).json()["records"]) == 2
    assert ask(simulator, to="nobody").json()["records"] == []


def test_a_record_shows_only_after_the_delay(simulator: RunningSimulator) -> None:
    change(simulator, delay=3600)
    send(simulator.url, custom())
    assert ask(simulator).json()["records"] == []
    change(simulator, delay=0)
    assert len(ask(simulator).json()["records"]) == 1


def test_an_account_reads_its_own_records_alone(simulator: RunningSimulator) -> None:
    send(simulator.url, custom())
    assert ask(simulator, auth=OTHER).status_code == 403
    assert ask(simulator, auth=OTHER, account_id=OTHER[0]).json()["records"] == []


def test_only_basic_opens_the_reports(simulator: RunningSimulator) -> None:
    bearer = {"Authorization": f"Bearer {token()}"}
    url = f"{simulator.url}/v2/reports/records"
    assert requests.get(url, headers=bearer, timeout=TIMEOUT).status_code == 401
    assert ask(simulator, auth=(BASIC[0], "wrong")).status_code == 401
    assert ask(simulator, auth=None).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"product": "SMS"},
        {"direction": None},
        {"date_start": "2026-11-25T00:00:00Z"},
        {"date_start": "2026-11-25T00:00:00Z", "date_end": "2026-11-26T00:00:01Z"},
        {"date_start": "2026-11-25T00:00:00", "date_end": "2026-11-25T00:00:01"},
        {"date_start": "yesterday", "date_end": "today"},
        {"cursor": "nonsense"},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    simulator: RunningSimulator, changes: dict[str, str]
) -> None:
    assert ask(simulator, **changes).status_code == 422


def test_the_next_questions_are_throttled_on_demand(simulator: RunningSimulator) -> None:
    change(simulator, throttled=2, retry_after=7)
    answers = [ask(simulator) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert given(simulator) == {"questions": 3, "throttled": 2, "records": 0}


def test_an_unusable_setting_is_refused_in_words(simulator: RunningSimulator) -> None:
    answer = change(simulator, page_size=0)
    assert (answer.status_code, answer.json()) == (400, {"error": "page_size must be at least 1"})


def test_the_records_agree_with_the_receipts_settings() -> None:
    config = SimulatorConfig(receipts=ReceiptSettings(on=False, failed_share=1, failure_codes=("1330",)))
    with running_simulator(config) as running:
        send(running.url, custom())
        (record,) = ask(running).json()["records"]
    assert record["status"] in ("rejected", "undeliverable")
    assert record["error_code"] == "1330"


def test_messages_are_found_by_their_ids_and_the_others_named(simulator: RunningSimulator) -> None:
    uuid = send(simulator.url, custom(client_ref="a-1-1")).json()["message_uuid"]
    query = {
        "product": "MESSAGES",
        "account_id": BASIC[0],
        "direction": "outbound",
        "id": f"{uuid},{uuid[:-4]}0000",
    }
    answer = requests.get(f"{simulator.url}/v2/reports/records", params=query, auth=BASIC, timeout=TIMEOUT)
    assert [record["message_id"] for record in answer.json()["records"]] == [uuid]
    assert answer.json()["ids_not_found"] == f"{uuid[:-4]}0000"
    assert given(simulator) == {"questions": 1, "throttled": 0, "records": 1}


@pytest.mark.parametrize("more", [{"status": "delivered"}, {"id": ",".join(["a"] * 21)}])
def test_ids_go_with_nothing_else_and_are_not_too_many(
    simulator: RunningSimulator, more: dict[str, str]
) -> None:
    answer = ask(simulator, **{"id": "a", **more})
    assert (answer.status_code, answer.json()["invalid_parameters"][0]["name"]) == (422, "id")
