"""The baseline of sending: the same POSTs with httptools on uvloop, and nothing else.

`python -m benchmarks.bare_loop URL MESSAGES IN_FLIGHT` posts them to the stand-in, and prints the seconds.
"""

from __future__ import annotations

import asyncio
import base64
import json
import ssl
import sys
import time
from collections.abc import Iterator
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop

HEADERS = {
    "Authorization": "Basic " + base64.b64encode(b"abcd1234:s3cret-of-the-account").decode(),
    "Content-Type": "application/json",
    "Accept": "application/json",
}


def body(number: int) -> bytes:
    """Return a message like ours: one template with one variable."""
    template = {
        "name": "promo",
        "language": {"policy": "deterministic", "code": "es_MX"},
        "components": [{"type": "body", "parameters": [{"type": "text", "text": f"name {number}"}]}],
    }
    message = {
        "to": f"521442{number:07d}",
        "from": "5215550001111",
        "channel": "whatsapp",
        "message_type": "custom",
        "custom": {"type": "template", "template": template},
        "client_ref": f"bare-{number}-1",
    }
    return json.dumps(message).encode()


class Lane(asyncio.Protocol):
    """One connection, which posts the next message as soon as it has an answer."""

    def __init__(self, host: str, numbers: Iterator[int]) -> None:
        lines = [f"{name}: {value}\r\n" for name, value in HEADERS.items()]
        self._head = f"POST /v1/messages HTTP/1.1\r\nHost: {host}\r\n{''.join(lines)}".encode()
        self._numbers = numbers
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._parser = httptools.HttpResponseParser(self)

    def post(self) -> None:
        number = next(self._numbers, None)
        if number is None:
            self._transport.close()
            return
        content = body(number)
        self._answer = b""
        self._transport.write(self._head + b"Content-Length: %d\r\n\r\n" % len(content) + content)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, part: bytes) -> None:
        self._answer += part

    def on_message_complete(self) -> None:
        assert self._parser.get_status_code() == 202, self._answer
        assert json.loads(self._answer)["message_uuid"]
        self.post()

    def connection_lost(self, error: Exception | None) -> None:
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)


async def post_all(url: str, messages: int, in_flight: int) -> float:
    """Post all messages, `in_flight` at once. Returns the seconds it took."""
    loop, at, numbers = asyncio.get_running_loop(), urlsplit(url), iter(range(messages))
    secured = ssl.create_default_context() if at.scheme == "https" else None
    opened = [
        await loop.create_connection(
            lambda: Lane(at.netloc, numbers), at.hostname or "", at.port or 443, ssl=secured
        )
        for _ in range(in_flight)
    ]
    began = time.monotonic()
    for _, lane in opened:
        lane.post()
    await asyncio.gather(*(lane.ended for _, lane in opened))
    return time.monotonic() - began


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(runner.run(post_all(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
