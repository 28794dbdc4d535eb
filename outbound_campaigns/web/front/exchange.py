"""A request as it comes to the event loop, before anybody has read its body (ASGI 3)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Scope = MutableMapping[str, Any]
Field = tuple[bytes, bytes]

CLOSE: Field = (b"connection", b"close")


class ClientGone(Exception):
    """Raised when the client has hung up, or was given up, before all of its body came."""


class Overloaded(Exception):
    """Raised when there is no room for the request; its client should come again."""


def header(scope: Scope, name: bytes) -> str | None:
    """Return a request's first field of that name, which is in lower case."""
    for given, value in scope["headers"]:
        if given == name:
            return str(value, "latin-1")
    return None


class Room:
    """The memory, in bytes, that bodies may take together while they come."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> None:
        """Raises Overloaded when there is less."""
        if size > self._left:
            raise Overloaded
        self._left -= size

    def give_back(self, size: int) -> None:
        self._left += size


@dataclass(slots=True)
class Exchange:
    """One request: its body is read part by part, and so is its answer sent."""

    scope: Scope
    receive: Callable[[], Awaitable[Any]]
    send: Callable[[Any], Awaitable[None]]
    has_more: bool = True
    """False once the body has been read to its end"""
    is_answered: bool = False

    @property
    def length(self) -> int | None:
        """Return the announced bytes of the body; None where it comes in chunks."""
        given = header(self.scope, b"content-length")
        if given is not None:
            return int(given)
        return None if header(self.scope, b"transfer-encoding") is not None else 0

    async def read(self) -> bytes:
        """Return the next part of the body; nothing at its end. Raises ClientGone."""
        while self.has_more:
            message = await self.receive()
            if message["type"] != "http.request":
                raise ClientGone
            self.has_more = message.get("more_body", False)
            if message.get("body"):
                return bytes(message["body"])
        return b""

    async def read_all(self, most: int, room: Room) -> bytes:
        """Return the body, or of a longer one a little more than `most` bytes.

        Raises ClientGone, and Overloaded when too many are being read.
        """
        parts, size = [], 0
        try:
            while size <= most and (part := await self.read()):
                room.take(len(part))
                size += len(part)
                parts.append(part)
            return b"".join(parts)
        finally:
            room.give_back(size)

    @contextmanager
    def watched(self) -> Iterator[asyncio.Future[None]]:
        """Yield a future that is done when the client has gone; the body must have been read."""
        gone = asyncio.ensure_future(self._until_gone())
        try:
            yield gone
        finally:
            gone.cancel()

    async def _until_gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass

    async def answer(self, status: HTTPStatus, *fields: Field) -> None:
        """Answer with this status and no body."""
        await self.begin(status, [(b"content-length", b"0"), *fields])
        await self.end(b"")

    async def turn_away(self) -> None:
        """Answer that the client should come again soon."""
        await self.answer(HTTPStatus.SERVICE_UNAVAILABLE, (b"retry-after", b"2"), CLOSE)

    async def begin(self, status: int, fields: Iterable[Field]) -> None:
        self.is_answered = True
        await self.send({"type": "http.response.start", "status": status, "headers": list(fields)})

    async def go_on(self, part: bytes) -> None:
        if part:
            await self.send({"type": "http.response.body", "body": part, "more_body": True})

    async def end(self, part: bytes) -> None:
        await self.send({"type": "http.response.body", "body": part})
