"""A message over real HTTP: its answer, its headers, and what the ledger then says."""

from uuid import UUID

import pytest
import requests

from tests.support.simulator_examples import BASIC, TIMEOUT, custom, positional, send, token
from tests.support.simulator_process import RunningSimulator, running_simulator


def test_an_accepted_message_gets_its_uuid_and_a_request_id(simulator: RunningSimulator) -> None:
    answer = send(simulator.url, custom())
    assert answer.status_code == 202
    assert UUID(answer.json()["message_uuid"])
    assert UUID(answer.headers["X-Request-Id"])
    [accepted] = simulator.ledger.acceptances()
    assert (accepted.to, accepted.client_ref) == ("5214422591631", "c42-1")
    assert accepted.message_uuid == answer.json()["message_uuid"]


def test_a_token_does_as_well_as_key_and_secret(simulator: RunningSimulator) -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    assert send(simulator.url, positional(), auth=None, headers=headers).status_code == 202


def test_a_message_with_failover_names_its_workflow(simulator: RunningSimulator) -> None:
    answer = send(simulator.url, custom(failover=[positional()]))
    assert answer.json()["workflow_id"]


def test_a_wrong_message_is_refused_in_vonage_s_shape(simulator: RunningSimulator) -> None:
    answer = send(simulator.url, custom(to="+52"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/json")
    body = answer.json()
    assert body["type"] == "https://developer.vonage.com/api-errors/messages#110"
    assert body["title"] == "Invalid recipient"
    assert body["invalid_parameters"] == [{"name": "to", "reason": "must be a number of 7 to 15 digits."}]
    assert body.keys() == {"type", "title", "detail", "instance", "invalid_parameters"}
    assert simulator.ledger.totals().accepted == 0


def test_a_bad_token_is_refused_without_a_type_as_the_real_gateway_does(simulator: RunningSimulator) -> None:
    answer = send(simulator.url, custom(), auth=None, headers={"Authorization": "Bearer x.y.z"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.json().keys() == {"title", "detail", "instance"}


def test_credentials_in_the_query_beside_a_header_are_refused(simulator: RunningSimulator) -> None:
    answer = requests.get(f"{simulator.url}/v1/messages/ping?api_key=a", auth=BASIC, timeout=TIMEOUT)
    assert answer.json()["type"].endswith("#multiple-auth-methods")


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_an_empty_body_is_a_probe_refused_and_counted_apart(simulator: RunningSimulator, body: bytes) -> None:
    answer = requests.post(f"{simulator.url}/v1/messages", data=body, auth=BASIC, timeout=TIMEOUT)
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("#1150")
    totals = simulator.ledger.totals()
    assert (totals.requests, totals.refused, totals.probes) == (0, {}, {422: 1})


def test_broken_json_is_refused_as_such(simulator: RunningSimulator) -> None:
    answer = requests.post(f"{simulator.url}/v1/messages", data=b"{", auth=BASIC, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()["type"].rpartition("#")[2]) == (422, "invalid-json")
    assert simulator.ledger.totals().refused == {422: 1}


def test_a_wrong_verb_is_forbidden_and_a_wrong_path_unknown(simulator: RunningSimulator) -> None:
    assert requests.put(f"{simulator.url}/v1/messages", auth=BASIC, timeout=TIMEOUT).status_code == 403
    assert requests.get(f"{simulator.url}/v2/messages", auth=BASIC, timeout=TIMEOUT).status_code == 404


def test_the_ping_answers_to_valid_credentials_only(simulator: RunningSimulator) -> None:
    url = f"{simulator.url}/v1/messages/ping"
    assert requests.get(url, auth=BASIC, timeout=TIMEOUT).status_code == 200
    assert requests.get(url, auth=("a", "b"), timeout=TIMEOUT).status_code == 401


def test_the_balance_is_told_to_key_and_secret_only(simulator: RunningSimulator) -> None:
    url = f"{simulator.url}/account/get-balance"
    answer = requests.get(url, auth=BASIC, timeout=TIMEOUT)
    assert answer.json() == {"value": 10.0, "autoReload": False}
    headers = {"Authorization": f"Bearer {token()}"}
    assert requests.get(url, headers=headers, timeout=TIMEOUT).status_code == 401


def test_without_accounts_anyone_may_send_from_any_number() -> None:
    with running_simulator() as anyone:
        assert send(anyone.url, custom(**{"from": "447700900001"}), auth=("x", "y")).status_code == 202
