"""A stand-in for Vonage that costs little: it answers after 80 ms, and posts three signed receipts a message.

    python -m benchmarks.cheap_vonage [--fresh] [--latency 0.08] [--certificate FILE]

It prints its URL, of TLS with a certificate for localhost. Receipts go to each message's webhook_url over
kept connections, or each over a fresh one; anything but 200 is posted again. GET /totals tells what it saw,
GET /arrivals when; DELETE /totals forgets.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from argparse import ArgumentParser
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httptools
import uvloop

from benchmarks.receipt_posts import Post, Poster, body_of

LATENCY = 0.08
"""seconds"""

RECEIPTS = (("submitted", 0.12), ("delivered", 0.5), ("read", 1.5))
"""each status, and how many seconds after the message it comes"""


@dataclass
class Totals:
    """What came: when, on the wall clock, and the numbers that were accepted."""

    arrivals: array[float] = field(default_factory=lambda: array("d"))
    numbers: set[str] = field(default_factory=set)
    doubles: int = 0

    def accept(self, number: str) -> None:
        self.arrivals.append(time.time())
        self.doubles += number in self.numbers
        self.numbers.add(number)


class Vonage:
    """Accepts every message, and has its receipts posted."""

    def __init__(self, poster: Poster, latency: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._latency = latency
        self._poster = poster
        self.totals = Totals()

    def accept(self, raw: bytes, answer: Callable[[bytes], None]) -> None:
        message = json.loads(raw)
        self.totals.accept(message["to"])
        uuid = f"aaaaaaaa-bbbb-4ccc-8ddd-{len(self.totals.arrivals):012d}"
        self._loop.call_later(self._latency, answer, _answer(202, b'{"message_uuid":"%b"}' % uuid.encode()))
        if "webhook_url" not in message:
            return
        now = self._loop.time()
        for status, after in RECEIPTS:
            post = Post(message["webhook_url"], body_of(message, uuid, status), now + after)
            self._loop.call_later(after, self._poster.post, post)

    def told(self) -> dict[str, Any]:
        """Return what GET /totals answers."""
        return {
            "accepted": len(self.totals.arrivals),
            "doubles": self.totals.doubles,
            "cpu": time.process_time(),
            **self._poster.told(),
        }

    def forget(self) -> None:
        self.totals = Totals()
        self._poster.forget()


class Connection(asyncio.Protocol):
    """One client's connection; it never sends its next request before it has the answer."""

    def __init__(self, vonage: Vonage) -> None:
        self._vonage = vonage
        self._parser = httptools.HttpRequestParser(self)
        self._url, self._body = b"", b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url, self._body = url, b""

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        path, method = urlsplit(self._url).path, self._parser.get_method()
        if path == b"/v1/messages":
            self._vonage.accept(self._body, self._write)
        elif method == b"DELETE":
            self._vonage.forget()
            self._write(_answer(204))
        else:
            said = self._vonage.totals.arrivals.tolist() if path == b"/arrivals" else self._vonage.told()
            self._write(_answer(200, json.dumps(said).encode()))

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)


def _answer(status: int, body: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %d Said\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(body)) + body


async def serve(fresh: bool, latency: float, certificate: str | None) -> None:
    vonage, secured = Vonage(Poster(fresh), latency), None
    if certificate is not None:
        secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secured.load_cert_chain(certificate)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(vonage), "127.0.0.1", 0, ssl=secured, backlog=1000
    )
    port = server.sockets[0].getsockname()[1]
    print(f"https://localhost:{port}" if secured else f"http://127.0.0.1:{port}", flush=True)
    await server.serve_forever()


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--latency", type=float, default=LATENCY)
    parser.add_argument("--certificate")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
