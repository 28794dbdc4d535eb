"""A server that answers each request with the next of the bytes it was given, and keeps what it got."""

import socketserver
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import parse_headers
from types import TracebackType
from typing import Self

ACCEPTED = b'{"message_uuid": "aaaaaaaa-0000-4000-8000-000000000001"}'


def answer(status: int, body: bytes = b"{}", **headers: str) -> bytes:
    """A whole HTTP answer; a header's underscores are its dashes."""
    lines = [f"HTTP/1.1 {status} Status", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True)
class Request:
    line: str
    headers: Message
    body: bytes


class ScriptedServer(socketserver.ThreadingTCPServer):
    """Answers in a thread of its own; the last answer is given again and again. An empty one hangs up."""

    daemon_threads = True

    def __init__(self, answers: Sequence[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.connections = 0
        self.touched = False
        """whether a single byte was ever received"""
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def authorizations(self) -> list[str | None]:
        return [request.headers["Authorization"] for request in self.requests]

    def next_answer(self) -> bytes:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Connection(socketserver.StreamRequestHandler):
    server: ScriptedServer

    def handle(self) -> None:
        self.server.connections += 1
        while line := self.rfile.readline():
            self.server.touched = True
            headers = parse_headers(self.rfile)
            body = self.rfile.read(int(headers.get("Content-Length", 0)))
            self.server.requests.append(Request(line.decode().strip(), headers, body))
            answer = self.server.next_answer()
            if not answer:
                return
            self.wfile.write(answer)
