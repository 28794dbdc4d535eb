"""A link is looked at as Meta will fetch it, and nothing that is not public is ever reached."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from outbound_campaigns.database.transactions import Database
from outbound_campaigns.media.kinds import MediaType
from outbound_campaigns.media.link_looks import verdicts_of
from outbound_campaigns.media.links import LinkFault, Network, Verdict, is_public, look
from tests.support.certificates import Authority

PUBLIC = "93.184.215.14"
IMAGE, VIDEO, DOCUMENT = MediaType
Answer = tuple[int, dict[str, str]]


class Web:
    """Servers of a small internet: names, what is at their paths, and who was connected to."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []
        self.names: dict[str, list[list[str]]] = {}
        self.connected: list[str] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                web.asked.append((self.command, self.path))
                status, fields = web.answers.get(f"{self.command} {self.path}") or web.answers.get(
                    self.path, (404, {})
                )
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.end_headers()

            do_GET = do_HEAD

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls is not None:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)

    def resolve(self, host: str, _port: int) -> list[str]:
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, _port: int) -> socket.socket:
        self.connected.append(address)
        return socket.create_connection(("127.0.0.1", self.server.server_port), 5)

    def network(self, tls: ssl.SSLContext | None = None) -> Network:
        return Network(self.resolve, self.connect, tls or ssl.create_default_context())


@contextmanager
def running(web: Web) -> Iterator[Web]:
    thread = threading.Thread(target=web.server.serve_forever)
    thread.start()
    try:
        yield web
    finally:
        web.server.shutdown()
        web.server.server_close()
        thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    with running(Web()) as made:
        yield made


def typed(kind: str, **more: str) -> Answer:
    return 200, {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in more.items()}}


@pytest.mark.parametrize(
    ("answer", "wanted", "verdict"),
    [
        (typed("image/jpeg", Content_Length="1000"), IMAGE, Verdict()),
        (typed("image/jpeg; charset=binary"), IMAGE, Verdict()),
        (typed("video/mp4", Content_Length="16000000"), VIDEO, Verdict()),
        (typed("application/pdf"), DOCUMENT, Verdict()),
        (typed("image/jpeg", Content_Length="5000001"), IMAGE, Verdict(LinkFault.LARGE, "5.0")),
        (typed("image/webp"), IMAGE, Verdict(LinkFault.TYPE, "image/webp")),
        (typed("text/html"), IMAGE, Verdict(LinkFault.TYPE, "text/html")),
        (typed("image/png"), VIDEO, Verdict(LinkFault.TYPE, "image/png")),
        ((200, {}), IMAGE, Verdict(LinkFault.TYPE, "–")),
        ((404, {}), IMAGE, Verdict(LinkFault.ANSWER, "404")),
        ((403, {}), IMAGE, Verdict(LinkFault.ANSWER, "403")),
        ((500, {}), IMAGE, Verdict(LinkFault.ANSWER, "500")),
    ],
)
def test_what_meta_would_refuse_is_told(
    web: Web, answer: Answer, wanted: MediaType, verdict: Verdict
) -> None:
    web.answers["/a?b=c"] = answer
    assert look("http://cdn.example.com/a?b=c", wanted, web.network()) == verdict


def test_where_head_is_not_answered_the_first_byte_is_asked_for(web: Web) -> None:
    web.answers["HEAD /a"] = (405, {})
    web.answers["GET /a"] = (206, {"Content-Type": "image/png", "Content-Range": "bytes 0-0/6000000"})
    assert look("http://cdn.example.com/a", IMAGE, web.network()) == Verdict(LinkFault.LARGE, "6.0")
    assert web.asked == [("HEAD", "/a"), ("GET", "/a")]


def test_redirects_are_followed_a_few_times(web: Web) -> None:
    web.answers["/a"] = (302, {"Location": "/b"})
    web.answers["/b"] = (301, {"Location": "http://other.example.com/c"})
    web.answers["/c"] = typed("image/png")
    assert look("http://cdn.example.com/a", IMAGE, web.network()) == Verdict()
    web.answers["/c"] = (302, {"Location": "/a"})
    assert look("http://cdn.example.com/a", IMAGE, web.network()).fault is LinkFault.REDIRECTS


NOT_PUBLIC = """
    127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1
    192.0.2.1 198.18.0.1 ::1 :: fe80::1%eth0 fc00::1 fec0::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
    64:ff9b::7f00:1 2002:7f00:1:: 2002:a00:1::
""".split()


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_address_that_is_not_public_is_connected_to(web: Web, address: str) -> None:
    assert not is_public(address)
    web.names["inside.example.com"] = [[address]]
    web.names["both.example.com"] = [[PUBLIC, address]]
    for host in ("inside", "both"):
        verdict = look(f"http://{host}.example.com/a", IMAGE, web.network())
        assert verdict.fault is LinkFault.PRIVATE
    assert web.connected == []


@pytest.mark.parametrize(
    "address", ["8.8.8.8", PUBLIC, "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_open_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("target", ["http://inside.example.com/x", "http://127.0.0.1/x", "http://[::1]/x"])
def test_a_redirect_to_the_inside_is_not_followed(web: Web, target: str) -> None:
    web.answers["/a"] = (302, {"Location": target})
    web.names |= {"inside.example.com": [["10.0.0.1"]], "127.0.0.1": [["127.0.0.1"]], "::1": [["::1"]]}
    assert look("http://cdn.example.com/a", IMAGE, web.network()).fault is LinkFault.PRIVATE
    assert web.connected == [PUBLIC]


def test_a_name_that_changes_its_answer_is_connected_to_where_it_was_judged(web: Web) -> None:
    web.answers["/a"] = typed("image/png")
    web.names["rebind.example.com"] = [[PUBLIC], ["127.0.0.1"]]
    assert look("http://rebind.example.com/a", IMAGE, web.network()) == Verdict()
    assert web.connected == [PUBLIC]
    assert look("http://rebind.example.com/a", IMAGE, web.network()).fault is LinkFault.PRIVATE


@pytest.mark.parametrize(
    "link",
    [
        "ftp://cdn.example.com/a",
        "file:///etc/passwd",
        "http://cdn.example.com:8080/a",
        "http://cdn.example.com:6379/a",
        "http://ana:secret@cdn.example.com/a",
        "http:///a",
        "http://[::1/a",
        "//cdn.example.com/a",
        "x",
    ],
)
def test_only_plain_web_addresses_are_asked(web: Web, link: str) -> None:
    assert look(link, IMAGE, web.network()).fault is LinkFault.UNREACHABLE
    assert web.connected == []


def test_a_link_that_no_index_takes_is_not_looked_at(database: Database) -> None:
    links = {f"https://x.mx/{'ñ' * 3000}": IMAGE, "https://x.mx/a.jpg": IMAGE}
    with database.write() as session:
        found = verdicts_of(session, "bot", links, database.now(session))
    assert found == {"https://x.mx/a.jpg": None}


def raising(error: Exception) -> Callable[..., socket.socket]:
    def connect(_address: str, _port: int) -> socket.socket:
        raise error

    return connect


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionRefusedError(), socket.gaierror(-2, "unknown")])
def test_whoever_does_not_answer_is_unreachable(web: Web, error: Exception) -> None:
    network = Network(web.resolve, raising(error))
    verdict = look("http://cdn.example.com/a", IMAGE, network)
    assert verdict == Verdict(LinkFault.UNREACHABLE, type(error).__name__)


@pytest.mark.parametrize(
    ("host", "days", "fault"),
    [
        ("cdn.example.com", 10, None),
        ("cdn.example.com", -1, LinkFault.UNREACHABLE),
        ("other.example.com", 10, LinkFault.UNREACHABLE),
    ],
)
def test_certificates_are_checked_by_the_links_name(
    tmp_path: Path, host: str, days: int, fault: LinkFault | None
) -> None:
    authority = Authority(tmp_path)
    trusting = ssl.create_default_context(cafile=str(authority.path))
    with running(Web(authority.context(host, days))) as web:
        web.answers["/a"] = typed("image/png")
        assert look("https://cdn.example.com/a", IMAGE, web.network(trusting)).fault is fault
    assert web.asked == ([] if fault else [("HEAD", "/a")])
