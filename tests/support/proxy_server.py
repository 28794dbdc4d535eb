"""A real HTTP proxy: it passes requests on, and keeps a list of them; tunnels it refuses."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.passed: list[str] = []
        """what was asked of it: "POST http://…", "CONNECT host:port" """
        self.credentials: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running_proxy() -> Iterator[Proxy]:
    with Proxy() as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


class _Passing(BaseHTTPRequestHandler):
    server: Proxy
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.passed.append(f"POST {self.path}")
        target = urlsplit(self.path)
        upstream = http.client.HTTPConnection(target.netloc, timeout=10)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        upstream.request("POST", target.path, body, dict(self.headers))
        answer = upstream.getresponse()
        self._answer(answer.status, answer.read())
        upstream.close()

    def do_CONNECT(self) -> None:
        self.server.passed.append(f"CONNECT {self.path}")
        self.server.credentials.append(self.headers["Proxy-Authorization"])
        self._answer(502, b"")

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""
