"""Whatever a server does: nothing written is never in doubt, what was written is never called unsent."""

from __future__ import annotations

import asyncio
import gzip
import random
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from outbound_campaigns.domain.outcome import OutcomeKind
from tests.support.raw_server import UUID, RawServer, accepted, raw_server, ref_of, reset
from tests.support.wire import Wire
from tests.vonage.fuzzing import play

K = OutcomeKind
Loop = Callable[[], asyncio.AbstractEventLoop]


def url(server: RawServer) -> str:
    return f"http://127.0.0.1:{server.port}"


def sent(wire: Wire) -> tuple[OutcomeKind, str | None, str | None]:
    outcome = wire.send()
    return outcome.kind, outcome.code, outcome.message_uuid


@pytest.mark.parametrize("end", [socket.socket.close, reset], ids=["closed", "reset"])
def test_an_answer_that_ends_at_any_byte_leaves_its_message_in_doubt(
    loop: Loop, end: Callable[[socket.socket], None]
) -> None:
    cut = [0]

    def respond(client: socket.socket, request: bytes) -> bool:
        client.sendall(accepted(request)[: cut[0]])
        end(client)
        return False

    with raw_server(respond) as server, Wire(url(server), loop=loop) as wire:
        whole = len(accepted(b'"client_ref": "c42-100-1"'))
        body_at = accepted(b'"client_ref": "c42-100-1"').index(b"\r\n\r\n") + 4
        for wire_sent in range(100, 100 + whole):
            wire.sent = wire_sent
            cut[0] = wire_sent - 100
            kind, code, _ = sent(wire)
            assert (kind, code) in {
                (K.IN_DOUBT, "connection_lost"),
                *([(K.IN_DOUBT, "half_answer")] if cut[0] >= body_at else []),
            }, cut[0]
        assert len(server.requests) == whole


@pytest.mark.parametrize("end", [socket.socket.close, reset], ids=["closed", "reset"])
def test_a_request_that_is_taken_up_to_any_byte_is_in_doubt(
    loop: Loop, end: Callable[[socket.socket], None]
) -> None:
    """Unless nothing was written; the server can't tell whether more was on its way."""
    got: list[int] = []

    def take(listener: socket.socket, most: int) -> None:
        client, _ = listener.accept()
        got.append(len(client.recv(most)) if most else 0)
        end(client)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        at = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with Wire(at, loop=loop, read_timeout=5.0) as wire:
            for most in range(0, 600, 29):
                thread = threading.Thread(target=take, args=(listener, most))
                thread.start()
                kind, code, _ = sent(wire)
                thread.join()
                assert (kind, code) in {
                    (K.IN_DOUBT, "connection_lost"),
                    *([(K.NOT_CONNECTED, "not_connected")] if not got[-1] else []),
                }, most


GOOD: dict[str, Callable[[bytes], list[bytes]]] = {
    "whole": lambda request: [accepted(request)],
    "byte by byte": lambda request: [bytes([byte]) for byte in accepted(request)],
    "in chunks": lambda request: [
        b"HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n",
        *(b"1\r\n%c\r\n" % byte for byte in UUID % ref_of(request)),
        b"0\r\n\r\n",
    ],
    "100 and 103 before": lambda request: [
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" + accepted(request),
    ],
    "packed": lambda request: [_packed(gzip.compress(UUID % ref_of(request)))],
    "with a head of 60 KiB": lambda request: [accepted(request, b"X: " + b"y" * 60_000 + b"\r\n")],
    "closing": lambda request: [accepted(request, b"Connection: close\r\n")],
    "of HTTP/1.0": lambda request: [accepted(request).replace(b"HTTP/1.1", b"HTTP/1.0")],
}


def _packed(body: bytes) -> bytes:
    head = b"HTTP/1.1 202 Accepted\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    return head % len(body) + body


@pytest.mark.parametrize("way", GOOD)
def test_an_answer_counts_however_it_comes(loop: Loop, way: str) -> None:
    def respond(client: socket.socket, request: bytes) -> bool:
        for part in GOOD[way](request):
            client.sendall(part)
        return way not in ("closing", "of HTTP/1.0")

    with raw_server(respond) as server, Wire(url(server), loop=loop) as wire:
        for n in (1, 2, 3):
            assert sent(wire) == (K.ACCEPTED, None, f"c42-{n}-1")
        assert server.connections == (3 if way in ("closing", "of HTTP/1.0") else 1)


def test_an_answer_without_a_length_ends_with_its_connection(loop: Loop) -> None:
    def respond(client: socket.socket, request: bytes) -> bool:
        client.sendall(b"HTTP/1.1 202 Accepted\r\n\r\n" + UUID % ref_of(request))
        return False

    with raw_server(respond) as server, Wire(url(server), loop=loop) as wire:
        assert [sent(wire)[2] for _ in range(2)] == ["c42-1-1", "c42-2-1"]
        assert server.connections == 2


@pytest.mark.parametrize("late", [0.0, 0.05], ids=["at once", "later"])
@pytest.mark.parametrize("more", [b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}", b"\0\0\0", b"H"])
def test_what_follows_an_answer_is_nobodys(loop: Loop, more: bytes, late: float) -> None:
    def respond(client: socket.socket, request: bytes) -> bool:
        if late:
            client.sendall(accepted(request))
            time.sleep(late)
            client.sendall(more)
        else:
            client.sendall(accepted(request) + more)
        return True

    with raw_server(respond) as server, Wire(url(server), loop=loop) as wire:
        for n in (1, 2, 3):
            assert sent(wire)[2] == f"c42-{n}-1"
            time.sleep(2 * late)
        assert server.connections == 3


BAD = {
    "101": b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "an endless head": b"HTTP/1.1 202 Accepted\r\nX: " + b"y" * 200_000,
    "endless announcements": b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + b"\0",
    "a request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    "two lengths": b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length and chunks": b"HTTP/1.1 202 A\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_what_is_no_answer_leaves_the_message_in_doubt(loop: Loop, answer: bytes) -> None:
    def respond(client: socket.socket, request: bytes) -> bool:
        with suppress(OSError):
            client.sendall(accepted(request) if len(server.requests) > 1 else answer)
        return len(server.requests) > 1

    with raw_server(respond) as server, Wire(url(server), loop=loop) as wire:
        assert sent(wire)[0] is K.IN_DOUBT
        assert sent(wire) == (K.ACCEPTED, None, "c42-2-1")


def test_a_silent_server_leaves_the_message_in_doubt_and_is_left(loop: Loop) -> None:
    def respond(client: socket.socket, _request: bytes) -> bool:
        client.sendall(b"HTTP/1.1 202 Accepted\r\n")
        return True

    with raw_server(respond) as server, Wire(url(server), read_timeout=0.2, loop=loop) as wire:
        assert sent(wire)[:2] == (K.IN_DOUBT, "timeout")
        assert sent(wire)[:2] == (K.IN_DOUBT, "timeout")
        assert server.connections == 2


def test_an_answer_that_drips_for_ever_ends(loop: Loop) -> None:
    def respond(client: socket.socket, _request: bytes) -> bool:
        with suppress(OSError):
            for _ in range(100):
                client.sendall(b"H")
                time.sleep(0.05)
        return False

    times: dict[str, Any] = {"connect_timeout": 0.2, "read_timeout": 0.3}
    with raw_server(respond) as server, Wire(url(server), loop=loop, **times) as wire:
        kind, _, _ = sent(wire)
    assert kind is K.IN_DOUBT


def test_a_connection_that_ended_while_it_was_idle_is_not_used(loop: Loop) -> None:
    def respond(client: socket.socket, request: bytes) -> bool:
        client.sendall(accepted(request))
        time.sleep(0.02)
        return False

    with raw_server(respond) as server, Wire(url(server), loop=loop) as wire:
        for n in (1, 2, 3):
            assert sent(wire) == (K.ACCEPTED, None, f"c42-{n}-1")
            # The loop does not run meanwhile, so that it can't have seen the end.
            time.sleep(0.05)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_breaks_each_outcome_is_true_of_its_own_message(loop: Loop, seed: int) -> None:
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(play(300, seed))


def test_each_of_many_at_once_gets_its_own_answer(loop: Loop) -> None:
    def respond(client: socket.socket, request: bytes) -> bool:
        time.sleep(random.random() / 50)
        client.sendall(accepted(request))
        return True

    with raw_server(respond) as server, Wire(url(server), loop=loop) as wire:
        for start in range(0, 300, 100):
            found = wire.send_at_once(100)
            refs = [f"c42-{start + n}-1" for n in range(1, 101)]
            assert [outcome.message_uuid for outcome in found] == refs
        assert len(server.requests) == 300
