"""No client, however slow, holds a thread of the application, and nobody who has gone is served."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from outbound_campaigns.web.front import bridge
from outbound_campaigns.web.front.bridge import LARGEST_BODY, MOST_WAITING, Bridge
from outbound_campaigns.web.front.exchange import Exchange
from tests.support.front import serving

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@contextmanager
def bridged(wsgi: Wsgi, folder: Path, threads: int = 1, longest: int = 0) -> Iterator[int]:
    def make() -> Any:
        made = Bridge(wsgi, threads, lambda _environ: longest, folder)

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await made.serve(Exchange(scope, receive, send))

        return app

    with serving(make) as port:
        yield port


def ask(port: int, method: str = "GET", path: str = "/", body: Any = None, **headers: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return b"%d " % answer.status + answer.read()
    finally:
        connection.close()


def echo(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with what the application reads, and its announced length."""
    start("200 OK", [("X-Thread", threading.current_thread().name)])
    yield environ.get("CONTENT_LENGTH", "none").encode() + b" "
    yield environ["wsgi.input"].read()


class Endless:
    """An application whose answer goes on until it is closed."""

    def __init__(self) -> None:
        self.made = 0
        self.closed = threading.Event()
        self.local = threading.local()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return [b"short"] if environ["PATH_INFO"] == "/short" else self

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self.made += 1
            yield b"x" * 65_536

    def close(self) -> None:
        self.closed.set()


def test_a_body_is_complete_however_it_comes(tmp_path: Path) -> None:
    with bridged(echo, tmp_path) as port:
        assert ask(port, "POST", body=b"abc") == b"200 3 abc"
        assert ask(port, "POST", body=iter([b"ab", b"cde"])) == b"200 5 abcde"
        assert ask(port) == b"200 0 "


def test_of_a_body_that_is_too_large_the_application_sees_what_it_needs_to_refuse_it(tmp_path: Path) -> None:
    large = b"x" * (2 * LARGEST_BODY)
    with bridged(echo, tmp_path) as port:
        assert ask(port, "POST", body=large) == b"200 %d " % len(large)
        said = ask(port, "POST", body=iter([large]))
        assert said.startswith(b"200 none ")
        assert LARGEST_BODY < len(said) < 2 * LARGEST_BODY


@pytest.mark.parametrize("in_chunks", [False, True])
def test_an_upload_is_spooled_before_a_thread_is_taken(tmp_path: Path, in_chunks: bool) -> None:
    large = bytes(range(256)) * 8000
    with bridged(echo, tmp_path, longest=3_000_000) as port:
        uploaded = ask(port, "POST", body=iter([large]) if in_chunks else large)
        assert uploaded == b"200 %d " % len(large) + large
        # As far as it takes to see that it is too long.
        said = ask(port, "POST", body=iter([large, large]))
        assert said.startswith(b"200 none ")
        assert 3_000_000 < len(said) < 3_300_000
    assert list(tmp_path.iterdir()) == []


def test_slow_uploads_and_slow_exports_hold_no_thread(tmp_path: Path) -> None:
    app = Endless()
    with bridged(app, tmp_path, threads=1, longest=50_000_000) as port:
        with (
            socket.create_connection(("127.0.0.1", port), 20) as export,
            socket.create_connection(("127.0.0.1", port), 20) as upload,
        ):
            export.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            upload.sendall(
                b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n" + b"x" * 2_000_000
            )
            assert ask(port, path="/short") == b"200 short"
            eventually(lambda: is_still(lambda: app.made))
            assert ask(port, path="/short") == b"200 short"
            assert not app.closed.is_set()
        # Both clients have gone.
        assert app.closed.wait(20)
        assert ask(port, path="/short") == b"200 short"


def eventually(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_still(count: Callable[[], int]) -> bool:
    before = count()
    time.sleep(0.2)
    return before == count()


def test_a_client_that_leaves_within_its_body_is_not_served(tmp_path: Path) -> None:
    served = []

    def note(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        served.append(environ["PATH_INFO"])
        return echo(environ, start)

    head = b"POST /gone HTTP/1.1\r\nHost: x\r\n"
    with bridged(note, tmp_path, longest=50_000_000) as port:
        for body in (
            b"Content-Length: 10\r\n\r\nabc",
            b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            b"Content-Length: 9000000\r\n\r\n" + b"x" * 4_000_000,
        ):
            with socket.create_connection(("127.0.0.1", port), 20) as client:
                client.sendall(head + body)
        assert ask(port, path="/stays") == b"200 0 "
        eventually(lambda: list(tmp_path.iterdir()) == [])
    assert served == ["/stays"]


def test_more_requests_than_can_wait_are_told_to_come_again(tmp_path: Path) -> None:
    blocked = threading.Event()

    def wait(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        blocked.wait(20)
        return echo(environ, start)

    with bridged(wait, tmp_path, threads=1) as port:
        clients = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(MOST_WAITING + 4)]
        for client in clients:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        refused = [clients[n].recv(12) for n in range(-3, 0)]
        blocked.set()
        answers = [client.recv(12) for client in clients[: MOST_WAITING + 1]]
        for client in clients:
            client.close()
    assert refused == [b"HTTP/1.1 503"] * 3
    assert answers == [b"HTTP/1.1 200"] * (MOST_WAITING + 1)


def test_bodies_that_come_slowly_do_not_take_all_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "MOST_READ", 2_000_000)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 900000\r\n\r\n"
    with bridged(echo, tmp_path) as port:
        clients = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(4)]
        for client in clients:
            client.sendall(head + b"x" * 800_000)
            time.sleep(0.1)
        refused = [client.recv(12) for client in clients[2:]]
        for client in clients[:2]:
            client.sendall(b"x" * 100_000)
        taken = [client.recv(12) for client in clients[:2]]
        assert ask(port, "POST", body=b"abc") == b"200 3 abc"
        for client in clients:
            client.close()
    assert refused == [b"HTTP/1.1 503"] * 2
    assert taken == [b"HTTP/1.1 200"] * 2


def test_an_answer_that_breaks_is_cut_off(tmp_path: Path) -> None:
    def broken(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        yield b"x" * 600_000
        raise ZeroDivisionError

    with bridged(broken, tmp_path) as port, pytest.raises(http.client.IncompleteRead):
        ask(port)


def test_who_is_refused_while_still_sending_reads_why(tmp_path: Path) -> None:
    with bridged(echo, tmp_path) as port:
        for _ in range(5):
            large = b"x" * 20_000_000
            with socket.create_connection(("127.0.0.1", port), 20) as client:
                sending = threading.Thread(target=send_all, args=(client, large))
                client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n")
                sending.start()
                assert client.recv(12) == b"HTTP/1.1 200"
                sending.join()


def send_all(client: socket.socket, content: bytes) -> None:
    with suppress(ConnectionError):
        client.sendall(content)


@pytest.mark.parametrize(
    ("sent", "name", "value"),
    [
        ("X-Forwarded-For: 1.2.3.4", "REMOTE_ADDR", "1.2.3.4"),
        ("X-Forwarded-Proto: https", "wsgi.url_scheme", "https"),
        ("X_Forwarded_For: 1.2.3.4", "HTTP_X_FORWARDED_FOR", None),
        ("Accept: a\r\nAccept: b", "HTTP_ACCEPT", "a,b"),
        ("Cookie: a=1\r\nCookie: b=2", "HTTP_COOKIE", "a=1; b=2"),
        ("Content-Type: text/csv", "CONTENT_TYPE", "text/csv"),
        ("X: \u00e9", "HTTP_X", "\u00e9"),
    ],
)
def test_a_head_is_told_as_wsgi_has_it(tmp_path: Path, sent: str, name: str, value: str | None) -> None:
    def show(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [])
        return [repr((environ["PATH_INFO"], environ["QUERY_STRING"], environ.get(name))).encode()]

    with bridged(show, tmp_path) as port, socket.create_connection(("127.0.0.1", port), 20) as client:
        client.sendall(
            f"GET http://h/%C3%A1/%2F%FF?q=%C3 HTTP/1.1\r\nConnection: close\r\n{sent}\r\n\r\n".encode(
                "latin-1"
            )
        )
        said = b""
        while block := client.recv(65_536):
            said += block
    assert repr(("/\u00c3\u00a1//\u00ff", "q=%C3", value)).encode() in said
