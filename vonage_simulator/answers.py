"""Builds the HTTP answers of the simulator, broken ones included."""

import asyncio
import json
import socket
import struct
from collections.abc import Iterable
from typing import NoReturn
from uuid import uuid4

from aiohttp import web

from vonage_simulator.ledger import NO_ANSWER
from vonage_simulator.problems import Problem

LINES_AT_ONCE = 1000


def json_answer(value: object, status: int = 200) -> web.Response:
    """Return a JSON answer with a request id."""
    return _answer(status, json.dumps(value).encode(), "application/json")


def accepted(message_uuid: str, workflow_id: str = "") -> web.Response:
    """Return a 202: the message is queued."""
    return _answer(202, accepted_body(message_uuid, workflow_id), "application/json")


def accepted_body(message_uuid: str, workflow_id: str = "") -> bytes:
    """Return the body of a 202."""
    workflow = f', "workflow_id": "{workflow_id}"' if workflow_id else ""
    return f'{{"message_uuid": "{message_uuid}"{workflow}}}'.encode()


def problem(refusal: Problem) -> web.Response:
    """Return the answer for a refusal; a 422 comes as plain JSON, as Vonage declares it."""
    content_type = "application/json" if refusal.status == 422 else "application/problem+json"
    answer = _answer(refusal.status, json.dumps(refusal.body(uuid4().hex)).encode(), content_type)
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def web_page() -> web.Response:
    """Return a 200 such as a proxy on the way might put in place of the answer."""
    return _answer(200, b"<html><body>Welcome</body></html>", "text/html")


def without_uuid() -> web.Response:
    """Return a 200 that does not name the message that it accepted."""
    return _answer(200, b'{"status": "ok"}', "application/json")


def told_status(answer: web.StreamResponse) -> int:
    """Return the status that the client can read."""
    return NO_ANSWER if isinstance(answer, BrokenAnswer) else answer.status


class BrokenAnswer(web.Response):
    """An answer that never arrives whole."""

    async def prepare(self, request: web.BaseRequest) -> NoReturn:
        """Break the connection instead; aiohttp takes a ConnectionError for a client that left."""
        if request.transport is not None:
            self.break_connection(request.transport)
        raise ConnectionResetError

    def break_connection(self, transport: asyncio.Transport) -> None:
        """Reset the connection, so that the client sees no orderly end."""
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class HalfAnswer(BrokenAnswer):
    """An answer that ends after the headers of a 202 and half of its body."""

    def break_connection(self, transport: asyncio.Transport) -> None:
        """Write half of the body and close."""
        body = accepted_body(str(uuid4()))
        head = (
            f"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        transport.write(head.encode() + body[: len(body) // 2])
        transport.close()


async def stream_lines(request: web.BaseRequest, values: Iterable[object]) -> web.StreamResponse:
    """Send newline-delimited JSON, written while the values are read."""
    answer = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
    await answer.prepare(request)
    lines: list[str] = []
    for value in values:
        lines.append(json.dumps(value))
        if len(lines) == LINES_AT_ONCE:
            await answer.write(("\n".join(lines) + "\n").encode())
            lines.clear()
    await answer.write("".join(line + "\n" for line in lines).encode())
    return answer


def _answer(status: int, body: bytes, content_type: str) -> web.Response:
    headers = {"Content-Type": content_type, "X-Request-Id": str(uuid4())}
    return web.Response(status=status, body=body, headers=headers)
