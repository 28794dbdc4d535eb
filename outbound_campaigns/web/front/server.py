"""The front on listening sockets, within an event loop: uvicorn's protocol without uvicorn's processes."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from email.utils import formatdate
from functools import partial
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from outbound_campaigns.web.front.connection import Connection, TakeAtOnce
from outbound_campaigns.web.front.exchange import Scope

_BACKLOG = 2048
_SEND_BUFFER = 1 << 18
"""bytes that the system takes from us for one client; were it megabytes, a slow reader would seem dead"""

_GLANCE = 0.05


def _nothing(_scope: Scope, _raw: bytes, _done: Callable[[bool], None]) -> bool:
    return False


class Server:
    """Serves an ASGI application.

    `patience` and `keep_alive` are those of its connections, in seconds; `trusted` are the addresses and
    networks, with commas between them, of proxies that may tell whose request they pass on. Requests are
    first offered to `take_at_once`: see Front.
    """

    def __init__(
        self, app: Any, patience: float, keep_alive: int, trusted: str, take_at_once: TakeAtOnce = _nothing
    ) -> None:
        self._state = ServerState()
        config = Config(
            app,
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            forwarded_allow_ips=trusted,
        )
        config.load()
        self._connection = partial(
            Connection,
            patience=patience,
            keep_alive=keep_alive,
            take_at_once=take_at_once,
            config=config,
            server_state=self._state,
            app_state={},
        )
        self._listeners: list[asyncio.Server] = []

    async def start(self, sockets: Iterable[socket.socket]) -> None:
        loop = asyncio.get_running_loop()
        for listening in sockets:
            # Each connection inherits it.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            server = await loop.create_server(self._connection, sock=listening, backlog=_BACKLOG)
            self._listeners.append(server)
        self.tick()

    def tick(self) -> None:
        """Set the time that answers tell, and give up clients that stand still; about once a second."""
        self._state.default_headers = [(b"date", formatdate(time.time(), usegmt=True).encode())]
        now = asyncio.get_running_loop().time()
        for connection in list(self._state.connections):
            cast(Connection, connection).look(now)

    async def end(self, patience: float) -> None:
        """Take no more requests, and wait so many seconds for the answers under way."""
        for listener in self._listeners:
            listener.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._state.connections or self._state.tasks:
                    await asyncio.sleep(_GLANCE)
        for task in list(self._state.tasks):
            task.cancel()
