"""The baseline of sending: the same POSTs with aiohttp alone, without database, pace or records.

`python -m benchmarks.bare_loop URL MESSAGES IN_FLIGHT` posts them to the stand-in, and prints the seconds.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time

import aiohttp

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


async def post_all(url: str, messages: int, in_flight: int) -> float:
    """Post all messages, `in_flight` at once. Returns the seconds it took."""
    numbers = iter(range(messages))
    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector, headers=HEADERS) as session:

        async def work() -> None:
            for number in numbers:
                async with session.post(f"{url}/v1/messages", data=body(number)) as answer:
                    assert answer.status == 202, await answer.text()
                    assert (await answer.json())["message_uuid"]

        began = time.monotonic()
        await asyncio.gather(*(work() for _ in range(in_flight)))
        return time.monotonic() - began


if __name__ == "__main__":
    print(asyncio.run(post_all(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
