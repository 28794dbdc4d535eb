"""The ledger: what it counts, what it remembers, and how it is read over HTTP."""

import json
from collections import Counter
from uuid import UUID, uuid4

import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.support.simulator_examples import SENDER, TIMEOUT, custom, send
from tests.support.simulator_process import RunningSimulator
from vonage_simulator.columns import NumberColumn, TextColumn, UuidColumn
from vonage_simulator.ledger import NO_ANSWER, Acceptance, Ledger

NUMBERS = st.from_regex(r"[0-9]{7,15}", fullmatch=True)


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def take(ledger: Ledger, to: str, client_ref: str = "") -> None:
    entry = ledger.arrived(SENDER)
    ledger.accepted(entry, to, client_ref, uuid4())
    ledger.answered(entry, 202)


@given(st.lists(NUMBERS), st.lists(st.text()), st.lists(st.uuids()))
def test_a_column_gives_back_what_was_put_in(numbers: list[str], texts: list[str], uuids: list[UUID]) -> None:
    number_column, text_column, uuid_column = NumberColumn(), TextColumn(), UuidColumn()
    for number in numbers:
        number_column.append(number)
    for text in texts:
        text_column.append(text)
    for uuid in uuids:
        uuid_column.append(uuid)
    assert [*number_column] == numbers
    assert [*text_column] == texts
    assert [*uuid_column] == [str(uuid) for uuid in uuids]


@given(st.lists(st.sampled_from(["5214422591631", "0014422591631", "447700900000"])))
def test_numbers_accepted_more_than_once_are_listed(numbers: list[str]) -> None:
    ledger = Ledger()
    for number in numbers:
        take(ledger, number)
    counts = Counter(numbers)
    repeats = ledger.numbers()
    assert (repeats.distinct, repeats.most) == (len(counts), max(counts.values(), default=0))
    assert repeats.repeated == {number: count for number, count in counts.items() if count > 1}


def test_messages_without_a_client_ref_are_no_repeats() -> None:
    ledger = Ledger()
    for client_ref in ("", "", "a", "b", "b"):
        take(ledger, "5214422591631", client_ref)
    repeats = ledger.client_refs()
    assert (repeats.distinct, repeats.most, repeats.repeated) == (2, 2, {"b": 2})


def test_every_second_has_its_accepted_and_its_refused() -> None:
    wall = Clock()
    ledger = Ledger(wall=wall)
    for wall.now, status in ((10.1, 202), (10.9, 429), (12.0, 202)):
        if status == 202:
            take(ledger, "5214422591631")
        else:
            ledger.answered(ledger.arrived(SENDER), status)
    assert ledger.seconds() == [(10, 1, 1), (12, 1, 0)]


def test_every_request_is_kept_with_both_its_times() -> None:
    wall, monotonic = Clock(), Clock()
    ledger = Ledger(wall, monotonic)
    wall.now, monotonic.now = 1000.5, 7.25
    ledger.answered(ledger.arrived(SENDER), 429)
    [arrival] = ledger.arrivals()
    assert arrival == (7.25, 1000.5, SENDER, 429, False)


def test_a_request_under_way_when_the_ledger_is_emptied_does_not_come_back() -> None:
    ledger = Ledger()
    entry = ledger.arrived(SENDER)
    ledger.clear()
    ledger.accepted(entry, "5214422591631", "a", uuid4())
    ledger.answered(entry, NO_ANSWER)
    totals = ledger.totals()
    assert (totals.requests, totals.accepted, totals.unanswered) == (0, 0, 0)


def test_the_ledger_tells_totals_and_repeats_over_http(simulator: RunningSimulator) -> None:
    for client_ref in ("a", "a", "b"):
        send(simulator.url, custom(client_ref=client_ref))
    send(simulator.url, custom(channel="pigeon"))
    ledger = requests.get(f"{simulator.url}/_simulator/ledger", timeout=TIMEOUT).json()
    assert (ledger["requests"], ledger["accepted"], ledger["refused"]) == (4, 3, {"422": 1})
    assert ledger["numbers"] == {"distinct": 1, "most": 3, "repeated": {"5214422591631": 3}}
    assert ledger["client_refs"] == {"distinct": 2, "most": 2, "repeated": {"a": 2}}
    assert ledger["connections"] == 5


def test_the_ledger_tells_when_a_number_or_a_client_ref_was_accepted(simulator: RunningSimulator) -> None:
    send(simulator.url, custom(client_ref="a"))
    send(simulator.url, custom(client_ref="b", to="447700900000"))
    times = [accepted.at for accepted in simulator.ledger.acceptances()]
    for query, at in (
        ({"to": "5214422591631"}, times[:1]),
        ({"client_ref": "b"}, times[1:]),
        ({"client_ref": "c"}, []),
    ):
        answer = requests.get(f"{simulator.url}/_simulator/ledger", params=query, timeout=TIMEOUT).json()
        assert (answer["count"], answer["at"]) == (len(at), at)


def test_accepted_and_arrived_are_streamed_line_by_line(simulator: RunningSimulator) -> None:
    for number in range(1100):
        take(simulator.ledger, f"52144225{number:05}", f"c42-{number}")
    url = f"{simulator.url}/_simulator/ledger"
    accepted = requests.get(f"{url}/accepted", timeout=TIMEOUT).text.splitlines()
    arrivals = requests.get(f"{url}/arrivals", timeout=TIMEOUT).text.splitlines()
    assert [json.loads(line)["client_ref"] for line in accepted] == [f"c42-{n}" for n in range(1100)]
    assert json.loads(accepted[0]).keys() == set(Acceptance._fields)
    assert len(arrivals) == 1100
    assert json.loads(arrivals[0]).keys() == {"monotonic", "wall", "sender", "status", "accepted"}


def test_the_ledger_can_be_emptied_over_http(simulator: RunningSimulator) -> None:
    send(simulator.url, custom())
    url = f"{simulator.url}/_simulator/ledger"
    assert requests.get(f"{url}/seconds", timeout=TIMEOUT).json()[0]["accepted"] == 1
    requests.delete(url, timeout=TIMEOUT)
    assert requests.get(f"{url}/totals", timeout=TIMEOUT).json()["requests"] == 0
    assert requests.get(f"{url}/seconds", timeout=TIMEOUT).json() == []


def test_an_unknown_question_is_answered_by_404(simulator: RunningSimulator) -> None:
    assert requests.get(f"{simulator.url}/_simulator/weather", timeout=TIMEOUT).status_code == 404
