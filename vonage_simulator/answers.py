"""The HTTP answers of the simulator, broken ones included."""

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
    """A JSON answer with a request id."""
    return _answer(status, json.dumps(value).encode(), "application/json")


def accepted(message_uuid: str, workflow_id: str = "") -> web.Response:
    """202: the message is queued."""
    return _answer(202, accepted_body(message_uuid, workflow_id), "application/json")


def accepted_body(message_uuid: str, workflow_id: str = "") -> bytes:
    """The body of a 202."""
    workflow = f', "workflow_id": "{workflow_id}"' if workflow_id else ""
    return f'{{"message_uuid": "{message_uuid}"{workflow}}}'.encode()


def problem(refusal: Problem) -> web.Response:
    """The answer that says why not; a 422 comes as plain JSON, as Vonage declares it."""
    content_type = "application/json" if refusal.status == 422 else "application/problem+json"
    answer = _answer(refusal.status, json.dumps(refusal.body(uuid4().hex)).encode(), content_type)
    if refusal.retry_after is not None:
        answer.headers["Retry-After"] = str(refusal.retry_after)
    return answer


def web_page() -> web.Response:
    """A 200 that some box between put in the answer's place."""
    return _answer(200, b"<html><body>Welcome</body></html>", "text/html")


def without_uuid() -> web.Response:
    """A 200 that does not say which message it accepted."""
    return _answer(200, b'{"status": "ok"}', "application/json")


def told_status(answer: web.StreamResponse) -> int:
    """The status that the client gets to read."""
    return NO_ANSWER if isinstance(answer, BrokenAnswer) else answer.status


class BrokenAnswer(web.Response):
    """An answer that never arrives whole."""

    async def prepare(self, request: web.BaseRequest) -> NoReturn:
        """Break the connection instead; the server takes a ConnectionError for a client that left."""
        if request.transport is not None:
            self.break_connection(request.transport)
        raise ConnectionResetError

    def break_connection(self, transport: asyncio.Transport) -> None:
        """Reset it, so that the client sees no orderly end."""
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class HalfAnswer(BrokenAnswer):
    """The headers of a 202 and half of its body, then the end."""

    def break_connection(self, transport: asyncio.Transport) -> None:
        """Write the half and close."""
        body = accepted_body(str(uuid4()))
        head = (
            f"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        transport.write(head.encode() + body[: len(body) // 2])
        transport.close()


async def stream_lines(request: web.BaseRequest, values: Iterable[object]) -> web.StreamResponse:
    """Newline-delimited JSON, written as it is read."""
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
