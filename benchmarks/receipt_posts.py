"""Posts signed receipts for the cheap stand-in, and notes how long each took until it was answered by 200."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from array import array
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httptools

from tests.support.receipt_bodies import API_KEY, SECRET

MOST_CONNECTIONS = 256
AGAIN = 1.0
"""seconds until a receipt that was not answered by 200 is posted again"""

OK = 200


@dataclass(slots=True)
class Post:
    """A receipt on its way; `planned` is when it should leave, on the loop's clock."""

    url: str
    body: bytes
    planned: float


def body_of(message: Mapping[str, Any], uuid: str, status: str) -> bytes:
    """Return a receipt in Vonage's shape (Messages API 1.x, "Message Status")."""
    return json.dumps(
        {
            "message_uuid": uuid,
            "to": message["to"],
            "from": message["from"],
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
            "status": status,
            "channel": "whatsapp",
            "client_ref": message["client_ref"],
            "usage": {"currency": "EUR", "price": "0.0333"},
        }
    ).encode()


def _base64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


_KEY = SECRET.encode().ljust(64, b"\0")
_HEADER = _base64(b'{"alg":"HS256","typ":"JWT"}')


def token_of(body: bytes) -> bytes:
    """Return the JWT with which Vonage signs a body."""
    claims = {
        "iat": int(time.time()),
        "jti": "c5ba8f24",
        "iss": "Vonage",
        "payload_hash": hashlib.sha256(body).hexdigest(),
        "api_key": API_KEY,
    }
    signed = _HEADER + b"." + _base64(json.dumps(claims).encode())
    return signed + b"." + _base64(hmac.digest(_KEY, signed, "sha256"))


class Poster:
    """Posts receipts over at most MOST_CONNECTIONS connections; those over it wait, and their time runs."""

    def __init__(self, fresh: bool) -> None:
        self.fresh = fresh
        self.loop = asyncio.get_running_loop()
        self._waiting: deque[Post] = deque()
        self._idle: list[_Connection] = []
        self._connections = 0
        self.forget()

    def forget(self) -> None:
        self._took = array("d")
        self._repeated = 0
        self._answers: dict[int, int] = {}

    def told(self) -> dict[str, Any]:
        """Return how many were answered by 200, after how many seconds, and how often others came back."""
        took = sorted(self._took)
        at = {name: took[int(share * (len(took) - 1))] for name, share in _SHARES.items() if took}
        kept = {"waiting": len(self._waiting), "repeated": self._repeated, "answers": self._answers}
        return {"answered": len(took), **at, **kept}

    def post(self, post: Post) -> None:
        self._waiting.append(post)
        self._go_on()

    def answered(self, post: Post, status: int) -> None:
        """Note the answer; 0 stands for none."""
        self._answers[status] = self._answers.get(status, 0) + 1
        if status == OK:
            self._took.append(self.loop.time() - post.planned)
        else:
            self._repeated += 1
            self.loop.call_later(AGAIN, self.post, post)

    def free(self, connection: _Connection) -> None:
        self._idle.append(connection)
        self._go_on()

    def closed(self, connection: _Connection) -> None:
        self._connections -= 1
        if connection in self._idle:
            self._idle.remove(connection)
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and self._idle:
            self._idle.pop().post(self._waiting.popleft())
        if self._waiting and self._connections < MOST_CONNECTIONS:
            self._connections += 1
            post = self._waiting.popleft()
            self._tasks = self.loop.create_task(self._open(post))

    async def _open(self, post: Post) -> None:
        place = urlsplit(post.url)
        try:
            _, connection = await self.loop.create_connection(
                lambda: _Connection(self), place.hostname or "", place.port or 80
            )
        except OSError:
            self._connections -= 1
            self.answered(post, 0)
            return
        connection.post(post)


_SHARES = {"p50": 0.5, "p99": 0.99, "longest": 1.0}


class _Connection(asyncio.Protocol):
    """A connection to the service, with at most one receipt under way."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._post: Post | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def post(self, post: Post) -> None:
        self._post = post
        self._parser = httptools.HttpResponseParser(self)
        place = urlsplit(post.url)
        kept = b"close" if self._poster.fresh else b"keep-alive"
        head = (
            b"POST %b HTTP/1.1\r\nHost: %b\r\nConnection: %b\r\nContent-Type: application/json\r\n"
            b"Authorization: Bearer %b\r\nContent-Length: %d\r\n\r\n"
        )
        names = (place.path.encode(), place.netloc.encode(), kept)
        self._transport.write(head % (*names, token_of(post.body), len(post.body)) + post.body)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        post, self._post = self._post, None
        if post is not None:
            self._poster.answered(post, self._parser.get_status_code())
        if self._poster.fresh or not self._parser.should_keep_alive():
            self._transport.close()
        else:
            self._poster.loop.call_soon(self._free)

    def _free(self) -> None:
        if not self._transport.is_closing():
            self._poster.free(self)

    def connection_lost(self, error: Exception | None) -> None:
        if self._post is not None:
            self._poster.answered(self._post, 0)
        self._poster.closed(self)
