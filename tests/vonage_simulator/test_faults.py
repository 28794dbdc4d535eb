"""Faults: which are drawn, how they look to a client, and whether the message was accepted."""

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from tests.support.simulator_examples import BASIC, TIMEOUT, custom, send
from tests.support.simulator_process import RunningSimulator
from vonage_simulator.faults import FaultInjector, Faults
from vonage_simulator.problems import RefusedError


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ({"unauthorized": True}, 401),
        ({"payment_required": True}, 402),
        ({"forbidden": True}, 403),
        ({"server_error_share": 1}, 503),
        ({"server_error_share": 1, "server_error_status": 500}, 500),
        ({"refuse_to_share": 1}, 422),
        ({"refuse_other_share": 1}, 422),
    ],
)
def test_a_refusing_fault_answers_its_status_and_accepts_nothing(
    simulator: RunningSimulator, fault: dict[str, object], status: int
) -> None:
    simulator.faults.change(fault)
    assert send(simulator.url, custom()).status_code == status
    totals = simulator.ledger.totals()
    assert (totals.accepted, totals.refused) == (0, {status: 1})


@pytest.mark.parametrize(
    ("fault", "name"), [("refuse_to_share", "to"), ("refuse_other_share", "template.name")]
)
def test_a_refused_message_names_the_parameter(simulator: RunningSimulator, fault: str, name: str) -> None:
    simulator.faults.change({fault: 1.0})
    body = send(simulator.url, custom()).json()
    assert [one["name"] for one in body["invalid_parameters"]] == [name]


@pytest.mark.parametrize(
    ("fault", "accepted"), [("reset_before_accept_share", 0), ("reset_after_accept_share", 1)]
)
def test_a_reset_gives_no_answer_and_the_ledger_tells_whether_it_was_accepted(
    simulator: RunningSimulator, fault: str, accepted: int
) -> None:
    simulator.faults.change({fault: 1.0})
    with pytest.raises(requests.ConnectionError):
        send(simulator.url, custom())
    totals = simulator.ledger.totals()
    assert (totals.requests, totals.accepted, totals.unanswered) == (1, accepted, 1)


def test_half_an_answer_breaks_off_in_its_body_after_acceptance(simulator: RunningSimulator) -> None:
    simulator.faults.change({"half_answer_share": 1.0})
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        send(simulator.url, custom())
    assert simulator.ledger.totals().accepted == 1


def test_an_error_after_acceptance_counts_as_accepted(simulator: RunningSimulator) -> None:
    simulator.faults.change({"server_error_share": 1.0, "server_error_accepted": True})
    assert send(simulator.url, custom()).status_code == 503
    totals = simulator.ledger.totals()
    assert (totals.accepted, totals.refused) == (1, {})
    assert [arrival.status for arrival in simulator.ledger.arrivals()] == [503]


@pytest.mark.parametrize(("body", "content_type"), [("html", "text/html"), ("no_uuid", "application/json")])
def test_an_unreadable_answer_is_a_200_without_a_uuid(
    simulator: RunningSimulator, body: str, content_type: str
) -> None:
    simulator.faults.change({"unreadable_share": 1.0, "unreadable_body": body})
    answer = send(simulator.url, custom())
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, content_type)
    assert "message_uuid" not in answer.text
    assert simulator.ledger.totals().accepted == 1


def test_a_slow_answer_comes_too_late_for_a_message_that_was_accepted(simulator: RunningSimulator) -> None:
    simulator.faults.change({"slow_share": 1.0, "slow_seconds": 60.0})
    with pytest.raises(requests.ReadTimeout):
        send(simulator.url, custom(), timeout=0.2)
    assert simulator.ledger.totals().accepted == 1


@pytest.mark.parametrize(("seconds", "header"), [(None, None), (15, "15")])
def test_above_its_capacity_it_answers_429_with_or_without_a_wait(
    simulator: RunningSimulator, seconds: int | None, header: str | None
) -> None:
    simulator.faults.change({"capacity": 0.001, "retry_after": seconds})
    assert send(simulator.url, custom()).status_code == 202
    answer = send(simulator.url, custom())
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, header)
    assert answer.json()["title"] == "Rate Limit Hit"


def test_a_probe_meets_the_same_faults(simulator: RunningSimulator) -> None:
    simulator.faults.change({"server_error_share": 1.0})
    assert send(simulator.url, {}).status_code == 503
    assert simulator.ledger.totals().probes == {503: 1}


def test_a_refused_port_opens_again_at_the_same_place(simulator: RunningSimulator) -> None:
    url = f"{simulator.url}/_simulator/faults"
    assert requests.post(url, json={"refused_seconds": 0.3}, timeout=TIMEOUT).status_code == 200
    statuses: list[int | str] = []
    while 202 not in statuses:
        try:
            statuses.append(send(simulator.url, custom()).status_code)
        except requests.ConnectionError:
            statuses.append("refused")
    assert "refused" in statuses


def test_faults_are_merged_read_and_cleared_over_http(simulator: RunningSimulator) -> None:
    url = f"{simulator.url}/_simulator/faults"
    requests.post(url, json={"latency_ms": 1, "capacity": 50}, timeout=TIMEOUT)
    requests.post(url, json={"forbidden": True}, timeout=TIMEOUT)
    faults = requests.get(url, timeout=TIMEOUT).json()
    assert (faults["latency_ms"], faults["capacity"], faults["forbidden"]) == (1.0, 50.0, True)
    requests.post(url, json={"reset": True}, timeout=TIMEOUT)
    assert simulator.faults.current == Faults()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"explode": True}, "explode"),
        ({"forbidden": "yes"}, "forbidden"),
        ({"server_error_share": 1.5}, "server_error_share"),
        ({"server_error_status": 200}, "server_error_status"),
        ({"unreadable_body": "pdf"}, "unreadable_body"),
        ({"capacity": 0}, "capacity"),
        ([], "object"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_by_name(
    simulator: RunningSimulator, change: object, says: str
) -> None:
    answer = requests.post(f"{simulator.url}/_simulator/faults", json=change, timeout=TIMEOUT)
    assert answer.status_code == 400
    assert says in answer.json()["error"]
    assert simulator.faults.current == Faults()


def test_equal_seeds_draw_equal_faults() -> None:
    def fates(seed: int) -> list[str]:
        injector = FaultInjector(Faults(half_answer_share=0.3, unreadable_share=0.3), seed)
        return [injector.after_accept() for _ in range(50)]

    assert fates(7) == fates(7)
    assert fates(7) != fates(8)


@given(st.integers(0, 100), st.integers(0, 100))
def test_an_answer_is_held_back_for_its_latency_and_at_most_the_random_part_more(
    fixed: int, random: int
) -> None:
    injector = FaultInjector(Faults(latency_ms=fixed, latency_random_ms=random))
    assert fixed / 1000 <= injector.delay() <= (fixed + random) / 1000 + 1e-9


@given(
    st.floats(0.5, 500),
    st.none() | st.floats(0, 50),
    st.lists(st.floats(0, 2, allow_nan=False), min_size=1, max_size=60),
)
def test_in_no_window_is_more_let_through_than_the_capacity_and_one_burst(
    capacity: float, burst: float | None, pauses: list[float]
) -> None:
    now = [0.0]
    faults = Faults(capacity=capacity, burst=burst)
    injector = FaultInjector(faults, clock=lambda: now[0])
    let_through: list[float] = []
    for pause in pauses:
        now[0] += pause
        try:
            injector.before_check()
            let_through.append(now[0])
        except RefusedError:
            pass
    for first, start in enumerate(let_through):
        for count, end in enumerate(let_through[first:], start=1):
            assert count <= faults.bucket_size() + capacity * (end - start) + 1e-6


def test_a_second_s_wait_refills_what_the_capacity_gives() -> None:
    now = [0.0]
    injector = FaultInjector(Faults(capacity=1, burst=1), clock=lambda: now[0])
    injector.before_check()
    with pytest.raises(RefusedError):
        injector.before_check()
    now[0] = 1.0
    injector.before_check()


def send_until_it_fails(session: requests.Session, url: str) -> None:
    while True:
        session.post(f"{url}/v1/messages", json=custom(), auth=BASIC, timeout=TIMEOUT)


def test_open_connections_are_closed_when_the_port_is_refused_and_it_can_be_stopped_then(
    simulator: RunningSimulator,
) -> None:
    with requests.Session() as session:
        session.post(f"{simulator.url}/v1/messages", json=custom(), auth=BASIC, timeout=TIMEOUT)
        simulator.refuse_connections(3600)
        with pytest.raises(requests.ConnectionError):
            send_until_it_fails(session, simulator.url)
