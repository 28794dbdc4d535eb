"""The way to a server: certificates, proxies, both address families."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from outbound_campaigns.domain.outcome import OutcomeKind
from tests.support.certificates import Authority
from tests.support.raw_server import RawServer, Respond, accepted, raw_server
from tests.support.wire import Wire

K = OutcomeKind
Loop = Callable[[], asyncio.AbstractEventLoop]


def accept(client: socket.socket, request: bytes) -> bool:
    client.sendall(accepted(request))
    return True


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """One that this machine trusts."""
    made = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.path))
    return made


def test_a_certificate_that_is_right_is_trusted(loop: Loop, authority: Authority) -> None:
    with raw_server(accept, tls=authority.context("localhost")) as server:
        with Wire(f"https://localhost:{server.port}", loop=loop) as wire:
            assert [wire.send().kind for _ in range(3)] == [K.ACCEPTED] * 3
        assert server.connections == 1


@pytest.mark.parametrize("wrong", ["name", "expired", "unknown"])
def test_a_certificate_that_is_wrong_means_not_sent(
    loop: Loop, authority: Authority, tmp_path: Path, wrong: str
) -> None:
    context = {
        "name": lambda: authority.context("elsewhere.example"),
        "expired": lambda: authority.context("localhost", days=-1),
        "unknown": lambda: Authority(tmp_path, "stranger").context("localhost"),
    }[wrong]()
    with raw_server(accept, tls=context) as server:
        with Wire(f"https://localhost:{server.port}", loop=loop) as wire:
            outcome = wire.send()
        assert (outcome.kind, outcome.detail) == (K.NOT_CONNECTED, "SSLCertVerificationError")
        assert server.requests == []


def tunnel_to(server: RawServer) -> Respond:
    """A proxy's part: it opens the tunnel, and passes bytes on, one direction in a thread."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while block := source.recv(65_536):
                sink.sendall(block)
            sink.shutdown(socket.SHUT_WR)

    def respond(client: socket.socket, _request: bytes) -> bool:
        with socket.create_connection(("127.0.0.1", server.port)) as upstream:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(upstream, client), daemon=True)
            back.start()
            pump(client, upstream)
            back.join(5)
        return False

    return respond


def test_tls_goes_through_a_proxys_tunnel(
    loop: Loop, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        raw_server(accept, tls=authority.context("localhost")) as server,
        raw_server(tunnel_to(server)) as proxy,
    ):
        monkeypatch.setenv("https_proxy", f"http://me:p%40ss@127.0.0.1:{proxy.port}")
        with Wire(f"https://localhost:{server.port}", loop=loop) as wire:
            assert [wire.send().kind for _ in range(3)] == [K.ACCEPTED] * 3
    (asked,) = proxy.requests
    assert asked.startswith(b"CONNECT localhost:%d HTTP/1.1\r\n" % server.port)
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==\r\n" in asked
    assert all(b"Proxy" not in request for request in server.requests)


PROXIES: dict[str, bytes] = {
    "refuses": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
    "asks for a password": b"HTTP/1.1 407 Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
    "speaks no HTTP": b"\x05\xff",
    "hangs": b"HTTP/1.1 100 Continue\r\n\r\n",
    "has an endless head": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,
}


@pytest.mark.parametrize("said", PROXIES.values(), ids=PROXIES)
def test_a_proxy_that_opens_no_tunnel_means_not_sent(
    loop: Loop, monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    def respond(client: socket.socket, _request: bytes) -> bool:
        client.sendall(said)
        return True

    with raw_server(respond) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.port}")
        with Wire("https://vonage.invalid", loop=loop, connect_timeout=0.5) as wire:
            assert wire.send().kind is K.NOT_CONNECTED


def test_a_server_with_an_address_of_ipv6_alone_is_reached(loop: Loop) -> None:
    with raw_server(accept, host="::1") as server, Wire(f"http://[::1]:{server.port}", loop=loop) as wire:
        assert wire.send().kind is K.ACCEPTED


def test_a_name_with_a_dead_address_is_reached_by_the_other(
    loop: Loop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 192.0.2.0/24, which nobody has (RFC 5737)."""
    with raw_server(accept) as server:
        both = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, server.port))
            for host in ("192.0.2.1", "127.0.0.1")
        ]

        with Wire("http://vonage.example", loop=loop) as wire:
            real = wire.loop_class.getaddrinfo

            async def resolve(loop: Any, host: str, *more: Any, **named: Any) -> Any:
                return both if host == "vonage.example" else await real(loop, host, *more, **named)

            monkeypatch.setattr(wire.loop_class, "getaddrinfo", resolve)
            assert wire.send().kind is K.ACCEPTED


def test_a_context_of_tls_is_not_made_for_each_connection(authority: Authority) -> None:
    made = []
    real = ssl.create_default_context

    def count() -> ssl.SSLContext:
        made.append(1)
        return real()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", count)
        with Wire("https://vonage.invalid") as wire:
            for _ in range(3):
                wire.send()
    assert len(made) == 2  # Vonage's and the sandbox's
    assert authority.path.exists()
