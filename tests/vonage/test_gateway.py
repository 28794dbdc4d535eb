"""What each answer of Vonage means, held against the ledger: was the message accepted or not?"""

from typing import Any

import pytest

from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.codes.tables import CodeClass
from outbound_campaigns.domain.outcome import OutcomeKind
from tests.support.scripted_server import ACCEPTED, ScriptedServer, answer
from tests.support.simulator_process import RunningSimulator
from tests.support.wire import TO, Wire, by_basic, by_token

K = OutcomeKind
SPOILT: dict[str, tuple[dict[str, Any], OutcomeKind, str, int]] = {
    # fault: (its settings, the outcome, its code, messages that Vonage accepted)
    "balance": ({"payment_required": True}, K.ACCOUNT_TROUBLE, "http_402", 0),
    "forbidden": ({"forbidden": True}, K.ACCOUNT_TROUBLE, "http_403", 0),
    "number": ({"refuse_to_share": 1}, K.RECIPIENT_REFUSED, "http_422_to", 0),
    "template": ({"refuse_other_share": 1}, K.CAMPAIGN_TROUBLE, "http_422", 0),
    "error": ({"server_error_share": 1}, K.IN_DOUBT, "http_503", 0),
    "error after": (
        {"server_error_share": 1, "server_error_accepted": True, "server_error_status": 500},
        K.IN_DOUBT,
        "http_500",
        1,
    ),
    "reset before": ({"reset_before_accept_share": 1}, K.IN_DOUBT, "connection_lost", 0),
    "reset after": ({"reset_after_accept_share": 1}, K.IN_DOUBT, "connection_lost", 1),
    "half": ({"half_answer_share": 1}, K.IN_DOUBT, "half_answer", 1),
    "web page": ({"unreadable_share": 1}, K.IN_DOUBT, "unreadable_answer", 1),
    "no uuid": ({"unreadable_share": 1, "unreadable_body": "no_uuid"}, K.IN_DOUBT, "unreadable_answer", 1),
    "slow": ({"slow_share": 1, "slow_seconds": 2}, K.IN_DOUBT, "timeout", 1),
}


@pytest.mark.parametrize("sender", [by_basic(), by_token()], ids=["basic", "token"])
def test_an_accepted_message_is_in_vonages_ledger_under_its_uuid(
    simulator: RunningSimulator, sender: Any
) -> None:
    with Wire(simulator.url, sender) as wire:
        outcome = wire.send()
    (acceptance,) = simulator.ledger.acceptances()
    assert (outcome.kind, outcome.message_uuid) == (K.ACCEPTED, acceptance.message_uuid)
    assert (acceptance.to, acceptance.client_ref) == (TO.lstrip("+"), "c42-1-1")


@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_answer_is_classified_by_what_may_have_happened(
    simulator: RunningSimulator, fault: str
) -> None:
    settings, kind, code, accepted = SPOILT[fault]
    simulator.faults.change(settings)
    with Wire(simulator.url, read_timeout=0.3) as wire:
        outcome = wire.send()
    assert (outcome.kind, outcome.code) == (kind, code)
    totals = simulator.ledger.totals()
    assert (totals.requests, totals.accepted) == (1, accepted)


@pytest.mark.parametrize("fault", SPOILT)
def test_a_code_that_sending_gives_is_explained(fault: str) -> None:
    assert explain(SPOILT[fault][2]).code_class is not CodeClass.UNKNOWN


def test_a_wrong_path_is_the_accounts_trouble(simulator: RunningSimulator) -> None:
    with Wire(simulator.url + "/elsewhere") as wire:
        outcome = wire.send()
    assert (outcome.kind, outcome.code) == (K.ACCOUNT_TROUBLE, "http_404")


def test_a_refusal_carries_vonages_own_words(simulator: RunningSimulator) -> None:
    simulator.faults.change({"refuse_to_share": 1})
    with Wire(simulator.url) as wire:
        assert "to: is not a valid recipient." in (wire.send().detail or "")


@pytest.mark.parametrize("given", [None, 7])
def test_a_throttle_answer_says_how_long_to_wait_when_vonage_does(
    simulator: RunningSimulator, given: int | None
) -> None:
    simulator.faults.change({"capacity": 0.001, "retry_after": given})
    with Wire(simulator.url) as wire:
        first, second = wire.send(), wire.send()
    assert first.kind is K.ACCEPTED
    assert (second.kind, second.code, second.retry_after) == (K.THROTTLED, "http_429", given)
    totals = simulator.ledger.totals()
    assert (totals.accepted, totals.refused) == (1, {429: 1})


def test_a_redirect_is_not_followed() -> None:
    with ScriptedServer([answer(200, ACCEPTED)]) as elsewhere:
        redirect = answer(307, b"", Location=elsewhere.url + "/v1/messages")
        with ScriptedServer([redirect]) as server, Wire(server.url) as wire:
            outcome = wire.send()
    assert (outcome.kind, outcome.code) == (K.ACCOUNT_TROUBLE, "http_3xx")
    assert (len(server.requests), elsewhere.requests) == (1, [])


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    head = b"HTTP/1.1 202 Accepted\r\nContent-Length: 100000000\r\n\r\n"
    with ScriptedServer([head + b" " * 1_000_000]) as server, Wire(server.url, read_timeout=5) as wire:
        outcome = wire.send()
    assert (outcome.kind, outcome.code) == (K.IN_DOUBT, "unreadable_answer")


def test_an_answer_that_is_no_http_leaves_the_message_in_doubt() -> None:
    with ScriptedServer([b"* OK IMAP4 ready\r\n"]) as server, Wire(server.url) as wire:
        outcome = wire.send()
    assert (outcome.kind, outcome.code) == (K.IN_DOUBT, "connection_lost")


def test_a_probe_concerns_nobody_and_finds_vonage_answering(simulator: RunningSimulator) -> None:
    with Wire(simulator.url) as wire:
        assert wire.probe()
    totals = simulator.ledger.totals()
    assert (totals.requests, totals.accepted, totals.probes) == (0, 0, {422: 1})


@pytest.mark.parametrize(
    "fault", [{"server_error_share": 1}, {"reset_before_accept_share": 1}, {"slow_share": 1}]
)
def test_a_probe_finds_vonage_away(simulator: RunningSimulator, fault: dict[str, float]) -> None:
    simulator.faults.change(fault)
    with Wire(simulator.url, read_timeout=0.3) as wire:
        assert not wire.probe()
