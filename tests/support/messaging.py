"""A stand-in for the webhook of Botpress's messaging, which checks Vonage's signature once more as it does.

What it answers was seen on a running Botpress: unsigned 401, wrongly signed 403, else 200 with OK.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

from tests.support.receipt_bodies import API_KEY, SECRET


@dataclass
class Messaging:
    """`taken`: (path, body) of what was taken, in order; `status` is what it answers instead of looking."""

    port: int = 0
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    status: int | None = None
    refuses: dict[bytes, int] = field(default_factory=dict)
    """what it answers to a body that contains this"""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def texts(self) -> list[str]:
        return [json.loads(raw).get("text") for _, raw in self.taken]

    @contextmanager
    def running(self) -> Iterator[None]:
        """On the same port each time."""
        server = _Server(("127.0.0.1", self.port), _Connection)
        server.messaging = self
        self.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def answer(self, path: str, authorization: str | None, raw: bytes) -> int:
        for part, status in self.refuses.items():
            if part in raw:
                return status
        status = self.status or judged(authorization, raw)
        if status == 200:
            self.taken.append((path, raw))
        return status


def judged(authorization: str | None, raw: bytes) -> int:
    """Its status for a message with this header."""
    body = json.loads(raw)
    scheme, _, token = (authorization or "").partition(" ")
    if body.get("channel") != "whatsapp" or scheme.lower() != "bearer" or not token:
        return 401
    try:
        claims: dict[str, Any] = jwt.decode(
            token, SECRET.encode().ljust(64, b"\0"), algorithms=["HS256"], options={"verify_iat": False}
        )
    except jwt.PyJWTError:
        return 403
    stringified = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    wanted = hashlib.sha256(stringified.encode()).hexdigest()
    return 200 if (claims.get("api_key"), claims.get("payload_hash")) == (API_KEY, wanted) else 403


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    messaging: Messaging


class _Connection(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status = self.server.messaging.answer(self.path, self.headers.get("Authorization"), raw)
        self.server.messaging.statuses.append(status)
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""
