"""What a client may send, and how slowly; whoever goes beyond disturbs nobody."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from tests.support.front import serving

PATIENCE = 0.4


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the path, a space, and the body."""
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
    else:
        return
    said = scope["path"].encode() + b" " + body
    fields = [(b"content-length", str(len(said)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": fields})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving(lambda: echo, patience=PATIENCE) as made:
        yield made


def exchange(port: int, *sent: bytes) -> bytes:
    """Send parts, a moment apart. Returns all that comes back until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        with suppress(ConnectionError):
            for part in sent:
                client.sendall(part)
                time.sleep(0.01)
        return said_until_closed(client)


def said_until_closed(client: socket.socket) -> bytes:
    said = b""
    with suppress(ConnectionError):
        while block := client.recv(65_536):
            said += block
    return said


def statuses(said: bytes) -> list[int]:
    return [int(part[:3]) for part in said.split(b"HTTP/1.1 ")[1:]]


CLOSE = b"Host: x\r\nConnection: close\r\n"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET /" + b"x" * 8189 + b" HTTP/1.1\r\n" + CLOSE, 200),
        (b"GET /" + b"x" * 8190 + b" HTTP/1.1\r\n" + CLOSE, 414),
        (b"GET / HTTP/1.1\r\n" + CLOSE + b"".join(b"F%d: x\r\n" % n for n in range(62)), 200),
        (b"GET / HTTP/1.1\r\n" + CLOSE + b"".join(b"F%d: x\r\n" % n for n in range(63)), 431),
        (b"GET / HTTP/1.1\r\n" + CLOSE + b"F: " + b"x" * 16_379 + b"\r\n", 200),
        (b"GET / HTTP/1.1\r\n" + CLOSE + b"F: " + b"x" * 16_380 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + CLOSE + (b"F: " + b"x" * 16_000 + b"\r\n") * 4, 200),
        (b"GET / HTTP/1.1\r\n" + CLOSE + (b"F: " + b"x" * 16_000 + b"\r\n") * 5, 431),
        (b"GET / HTTP/1.1\r\n" + CLOSE + b"F: " + b"x" * 4_000_000 + b"\r\n", 431),
    ],
)
def test_a_head_has_limits_that_are_told(port: int, head: bytes, status: int) -> None:
    blocks = [head[at : at + 10_000] for at in range(0, len(head), 10_000)]
    said = exchange(port, *blocks, b"\r\n")
    # Of one that is far too long the answer may be lost, as the client is still sending.
    assert statuses(said) == [status] or (len(head) > 1_000_000 and not said)


def test_a_body_in_chunks_is_whole(port: int) -> None:
    head = b"POST /a HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n"
    assert exchange(port, head, b"3\r\nabc\r\n", b"2\r\nde\r\n", b"0\r\n\r\n").endswith(b"/a abcde")


def test_requests_that_come_at_once_are_answered_in_their_order(port: int) -> None:
    said = exchange(
        port,
        b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab" * 3
        + b"GET /b HTTP/1.1\r\n"
        + CLOSE
        + b"\r\n",
    )
    assert statuses(said) == [200] * 4
    assert said.endswith(b"/b ")


@pytest.mark.parametrize("split", range(0, 130, 7))
def test_a_request_for_another_protocol_is_answered_in_ours(port: int, split: int) -> None:
    sent = (
        b"POST /a HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
        b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 5\r\n\r\nabcde"
    )
    said = exchange(port, sent[:split], sent[split:] + b"GET /b HTTP/1.1\r\n" + CLOSE + b"\r\n")
    assert statuses(said) == [200, 200]
    assert b"/a abcde" in said
    assert said.endswith(b"/b ")


HEAD = b"POST /a HTTP/1.1\r\nHost: x\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        CHUNKED + b"Content-Length: 5\r\n\r\n0\r\n\r\nGET /b",
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /b",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        HEAD + b"Content-Length: 5, 5\r\n\r\nabcde",
        HEAD + b"Content-Length: +5\r\n\r\nabcde",
        HEAD + b"Content-Length: -1\r\n\r\nabcde",
        HEAD + b"Content-Length: 0x5\r\n\r\nabcde",
        HEAD + b"Content-Length: 99999999999999999999999\r\n\r\nabcde",
        HEAD + b"Content-Length : 5\r\n\r\nabcde",
        HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        CHUNKED + b"\r\nzz\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"\r\n-3\r\nabc\r\n0\r\n\r\n",
        CHUNKED + b"\r\n3\r\nabcd\r\n0\r\n\r\n",
        CHUNKED + b"\r\nfffffffffffffffff\r\nabc\r\n",
        CHUNKED + b"Upgrade: h2c\r\nConnection: upgrade\r\n\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n",
        HEAD + b"X: a\r\n Content-Length: 5\r\n\r\nabcde",
        HEAD + b"X: a\rContent-Length: 5\r\n\r\nabcde",
        HEAD + b"X: a\0b\r\nContent-Length: 5\r\n\r\nabcde",
        b"GET /a HTTP/2.0\r\nHost: x\r\n\r\n",
        b"GET /a\r\n\r\n",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_others_might_read_otherwise_is_no_request(port: int, sent: bytes) -> None:
    """RFC 9112, 11.2: two readings of one stream let a client put words into another's mouth."""
    said = exchange(port, sent)
    assert [status for status in statuses(said) if status not in (400, 501, 505, 408)] == []
    assert len(statuses(said)) <= 1


def test_a_large_body_of_a_request_for_another_protocol_is_taken(port: int) -> None:
    head = b"POST /a HTTP/1.1\r\n" + CLOSE.replace(b"close", b"close, Upgrade") + b"Upgrade: h2c\r\n"
    said = exchange(port, head + b"Content-Length: 300000\r\n\r\n", *[b"x" * 50_000] * 6)
    assert statuses(said) == [200]
    assert said.endswith(b"/a " + b"x" * 300_000)


def test_who_stands_still_or_drips_is_given_up(port: int) -> None:
    """In the first head, a later one, a body, a chunk, and while the answer is to be taken."""
    heads = {
        "nothing": b"",
        "head": b"GET / HTTP/1.1\r\nHost: ",
        "later head": b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /",
        "body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
        "chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfff",
    }
    with ExitStack() as stack:
        clients = []
        for sent in heads.values():
            for drips in (False, True):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
                client.sendall(sent)
                clients.append((client, drips))
        end = time.monotonic() + 20
        while clients and time.monotonic() < end:
            time.sleep(PATIENCE / 4)
            clients = [(client, drips) for client, drips in clients if not is_closed(client, drips)]
            assert exchange(port, b"GET / HTTP/1.1\r\n" + CLOSE + b"\r\n").endswith(b"/ ")
    assert not clients


def is_closed(client: socket.socket, drips: bool) -> bool:
    client.setblocking(False)
    try:
        if drips:
            client.send(b"1")
        while client.recv(65_536):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    return True


def test_a_client_that_does_not_take_its_answer_is_given_up() -> None:
    ended: list[bool] = []

    async def endless(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while not ended:
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})

    with (
        serving(lambda: endless, patience=PATIENCE) as port,
        socket.create_connection(("127.0.0.1", port), 20) as client,
    ):
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(5 * PATIENCE)
        ended.append(True)
        # What the system had taken for it, and then the end in the middle of the answer.
        assert not said_until_closed(client).endswith(b"0\r\n\r\n")


def test_a_thousand_sockets_that_stand_still_disturb_nobody() -> None:
    heads = (b"", b"GET / HT", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")
    with serving(lambda: echo, patience=30.0) as port, ExitStack() as stack:
        for n in range(1000):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port), 10))
            client.sendall(heads[n % 3])
        assert exchange(port, b"GET /a HTTP/1.1\r\n" + CLOSE + b"\r\n").endswith(b"/a ")
