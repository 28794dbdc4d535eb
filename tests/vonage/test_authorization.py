"""The Authorization header: Basic, or a token that is kept, and what a 401 leads to."""

from typing import Any

import jwt
import pytest

from bot_config.vonage import VonageCredentials
from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.vonage.authorization import LIFETIME, Authorizations, basic
from tests.support.scripted_server import ACCEPTED, ScriptedServer, answer
from tests.support.simulator_examples import APPLICATION, BASIC, public_key_pem
from tests.support.simulator_process import RunningSimulator
from tests.support.wire import Wire, by_basic, by_token

K = OutcomeKind
OK, REFUSED = answer(202, ACCEPTED), answer(401, b'{"title": "Unauthorised", "detail": "Invalid Token"}')


def claims(header: str | None) -> dict[str, Any]:
    assert header is not None
    scheme, token = header.split(" ")
    assert scheme == "Bearer"
    return jwt.decode(token, public_key_pem(), algorithms=["RS256"])


def test_one_token_serves_many_messages() -> None:
    with ScriptedServer([OK]) as server, Wire(server.url, by_token()) as wire:
        for _ in range(5):
            wire.send()
        wire.send_at_once(5)
    assert (len(server.requests), len(set(server.authorizations))) == (10, 1)


def test_a_first_burst_makes_one_token() -> None:
    with ScriptedServer([OK]) as server, Wire(server.url, by_token()) as wire:
        wire.send_at_once(8)
    assert len(set(server.authorizations)) == 1


def test_a_token_names_the_application_and_ends() -> None:
    with ScriptedServer([OK]) as server, Wire(server.url, by_token()) as wire:
        wire.send()
    token = claims(server.authorizations[0])
    assert token["application_id"] == APPLICATION
    assert LIFETIME - 1 <= token["exp"] - token["iat"] <= LIFETIME + 1


def test_without_an_application_the_account_authorizes_itself() -> None:
    with ScriptedServer([OK]) as server, Wire(server.url, by_basic()) as wire:
        wire.send()
    assert server.authorizations == [basic(by_basic().credentials)]


def test_a_refused_token_is_replaced_once_and_then_serves() -> None:
    with ScriptedServer([REFUSED, OK]) as server, Wire(server.url, by_token()) as wire:
        outcomes = [wire.send().kind for _ in range(3)]
    assert outcomes == [K.UNAUTHORIZED, K.ACCEPTED, K.ACCEPTED]
    first, second, third = server.authorizations
    assert first != second == third


def test_a_new_token_that_is_refused_too_is_the_accounts_trouble(simulator: RunningSimulator) -> None:
    simulator.faults.change({"unauthorized": True})
    with Wire(simulator.url, by_token()) as wire:
        first, second = wire.send(), wire.send()
    assert (first.kind, second.kind) == (K.UNAUTHORIZED, K.ACCOUNT_TROUBLE)
    assert (first.code, second.detail) == ("http_401", "Unauthorised · Invalid Token")
    assert simulator.ledger.totals().accepted == 0


def test_requests_that_shared_a_refused_token_are_all_tried_again(simulator: RunningSimulator) -> None:
    simulator.faults.change({"unauthorized": True})
    with Wire(simulator.url, by_token()) as wire:
        refused = wire.send_at_once(4)
        simulator.faults.change({"reset": True})
        assert wire.send().kind is K.ACCEPTED
    assert {outcome.kind for outcome in refused} == {K.UNAUTHORIZED}


def test_a_token_refused_again_after_it_had_served_is_replaced_again() -> None:
    script = [REFUSED, OK, REFUSED, OK]
    with ScriptedServer(script) as server, Wire(server.url, by_token()) as wire:
        outcomes = [wire.send().kind for _ in script]
    assert outcomes == [K.UNAUTHORIZED, K.ACCEPTED, K.UNAUTHORIZED, K.ACCEPTED]


def test_a_refused_basic_pair_is_the_accounts_trouble_at_once(simulator: RunningSimulator) -> None:
    simulator.faults.change({"unauthorized": True})
    with Wire(simulator.url, by_basic()) as wire:
        assert wire.send().kind is K.ACCOUNT_TROUBLE


@pytest.mark.parametrize("half", [(APPLICATION, None), (None, "a key")], ids=["application", "key"])
def test_half_of_an_application_leaves_nothing_to_renew(half: tuple[str | None, str | None]) -> None:
    credentials = VonageCredentials(*BASIC, *half, None, False)
    assert Authorizations().refused(credentials, basic(credentials))


def test_accounts_do_not_share_a_token() -> None:
    other = by_token()
    credentials = VonageCredentials(
        "other", "secret", APPLICATION, other.credentials.private_key, None, False
    )
    with ScriptedServer([OK]) as server, Wire(server.url, other) as wire:
        wire.send()
        wire.sender = type(other)("bot", other.number, credentials, 20.0)
        wire.send()
    assert len(set(server.authorizations)) == 2
