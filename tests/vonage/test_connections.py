"""The way to Vonage: connections that are kept, that can't be made, or that must not be used any more."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from tests.support.proxy_server import running_proxy
from tests.support.scripted_server import ACCEPTED, ScriptedServer, answer
from tests.support.simulator_process import RunningSimulator
from tests.support.wire import Wire, by_basic, closed_fence, open_fence

K = OutcomeKind


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def must_be_unsent(outcome: Outcome) -> None:
    assert (outcome.kind, outcome.code) == (K.NOT_CONNECTED, "not_connected")


def test_a_connection_is_kept_for_the_next_messages(simulator: RunningSimulator) -> None:
    with Wire(simulator.url) as wire:
        for _ in range(5):
            wire.send()
    assert simulator.ledger.totals().requests == 5
    assert simulator.ledger.totals().connections == 1


def test_messages_at_once_use_a_connection_each(simulator: RunningSimulator) -> None:
    simulator.faults.change({"latency_ms": 100})
    with Wire(simulator.url) as wire:
        wire.send_at_once(3)
        wire.send_at_once(3)
    assert simulator.ledger.totals().requests == 6
    assert simulator.ledger.totals().connections == 3


def test_a_refused_connection_means_not_sent() -> None:
    with Wire(f"http://127.0.0.1:{free_port()}") as wire:
        must_be_unsent(wire.send())


def test_a_name_that_is_not_known_means_not_sent() -> None:
    with Wire("http://vonage.invalid") as wire:
        must_be_unsent(wire.send())


def test_a_failed_tls_handshake_means_not_sent(simulator: RunningSimulator) -> None:
    with Wire(simulator.url.replace("http:", "https:")) as wire:
        must_be_unsent(wire.send())
    assert simulator.ledger.totals().requests == 0


def test_a_probe_through_a_refused_connection_finds_vonage_away() -> None:
    with Wire(f"http://127.0.0.1:{free_port()}") as wire:
        assert not wire.probe()


def test_a_message_leaves_once_though_its_kept_connection_is_closed_under_it() -> None:
    close = answer(202, ACCEPTED, Connection="close")
    with ScriptedServer([close]) as server, Wire(server.url) as wire:
        outcomes = [wire.send().kind for _ in range(3)]
    assert outcomes == [K.ACCEPTED] * 3
    assert len(server.requests) == 3


def test_a_message_whose_kept_connection_hangs_up_is_in_doubt_and_not_sent_again() -> None:
    with ScriptedServer([answer(202, ACCEPTED), b""]) as server, Wire(server.url) as wire:
        outcomes = [(wire.send().kind, wire.send().code)]
    assert outcomes == [(K.ACCEPTED, "connection_lost")]
    assert (len(server.requests), server.connections) == (2, 1)


def test_a_claim_that_ran_out_is_not_begun(simulator: RunningSimulator) -> None:
    with Wire(simulator.url) as wire:
        outcome = wire.send(closed_fence())
        # A simulator that stops before it has taken a connection leaves that open.
        wire.probe()
    assert (outcome.kind, outcome.code) == (K.NOT_BEGUN, "claim_expired")
    assert simulator.ledger.totals().requests == 0


def test_of_a_claim_that_ran_out_not_one_byte_leaves() -> None:
    with ScriptedServer([answer(202, ACCEPTED)]) as server, Wire(server.url) as wire:
        wire.send(closed_fence())
    assert not server.touched


def test_after_a_claim_that_ran_out_the_next_message_leaves(simulator: RunningSimulator) -> None:
    with Wire(simulator.url) as wire:
        wire.send()
        wire.send(closed_fence())
        assert wire.send().kind is K.ACCEPTED
    assert simulator.ledger.totals().accepted == 2


def test_the_fence_knows_when_a_request_began(simulator: RunningSimulator) -> None:
    fence = open_fence()
    with Wire(simulator.url) as wire:
        wire.send(fence)
    assert fence.began_at is not None


def test_without_a_connection_nothing_began() -> None:
    fence = open_fence()
    with Wire(f"http://127.0.0.1:{free_port()}") as wire:
        wire.send(fence)
    assert fence.began_at is None


def test_the_environments_proxy_is_used(simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_proxy() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        with Wire(simulator.url) as wire:
            assert wire.send().kind is K.ACCEPTED
    assert proxy.passed == [f"POST {simulator.url}/v1/messages"]
    assert simulator.ledger.totals().accepted == 1


def test_a_host_that_the_environment_excludes_is_reached_without_the_proxy(
    simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Wire(simulator.url) as wire:
        assert wire.send().kind is K.ACCEPTED


def test_a_proxy_that_refuses_the_tunnel_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_proxy() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with Wire("https://vonage.invalid") as wire:
            must_be_unsent(wire.send())
    assert proxy.passed == ["CONNECT vonage.invalid:443"]


def test_a_netrc_of_the_machine_does_not_come_between(
    simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Wire(simulator.url) as wire:
        assert wire.send().kind is K.ACCEPTED


def test_a_bot_in_test_mode_sends_to_vonages_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    sender = by_basic()
    in_test_mode = replace(sender, credentials=replace(sender.credentials, sandbox=True))
    with running_proxy() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        with Wire("http://127.0.0.1", in_test_mode) as wire:
            wire.send()
    assert proxy.passed == ["CONNECT messages-sandbox.nexmo.com:443"]


def test_the_proxys_own_login_is_shown_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_proxy() as proxy:
        monkeypatch.setenv("https_proxy", proxy.url.replace("http://", "http://me:pass@"))
        with Wire("https://vonage.invalid") as wire:
            wire.send()
    assert proxy.credentials == ["Basic bWU6cGFzcw=="]
