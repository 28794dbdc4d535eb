"""The front on a port of its own, in a thread; and a client like Flask's whose requests go through it."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import uvloop
from flask import Flask
from werkzeug.datastructures import EnvironHeaders
from werkzeug.test import Client

from outbound_campaigns.web.front.app import Front
from outbound_campaigns.web.front.server import Server

_TICK = 0.05
_KEPT = "%/?:@!$&'()*+,;=~[]"


@contextmanager
def serving(make: Callable[[], Any], patience: float = 30.0, keep_alive: int = 15) -> Iterator[int]:
    """Serve the ASGI application that `make` returns within the loop; yields the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    begun, stop = threading.Event(), threading.Event()

    async def serve() -> None:
        app = make()
        offer = {"take_at_once": app.take_at_once} if isinstance(app, Front) else {}
        server = Server(app, patience, keep_alive, "127.0.0.1", **offer)
        await server.start([listening])
        begun.set()
        while not stop.is_set():
            server.tick()
            await asyncio.sleep(_TICK)
        await server.end(5.0)

    def run() -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=run)
    thread.start()
    begun.wait()
    try:
        yield listening.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        listening.close()


@contextmanager
def client_of(app: Flask) -> Iterator[Client]:
    """Yield a client whose requests to the application go through the front, over the network."""
    with serving(lambda: Front(app)) as port:
        yield Client(Forward(port), app.response_class)


class Forward:
    """A WSGI application that asks the one on a port."""

    def __init__(self, port: int) -> None:
        self.port = port

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        headers = {name: value for name, value in EnvironHeaders(environ) if name != "Content-Length"}
        length = environ.get("CONTENT_LENGTH")
        body = environ["wsgi.input"].read(int(length)) if length else None
        path = environ["REQUEST_URI"].partition("?")[0]
        target = quote(f"{path}?{environ['QUERY_STRING']}", safe=_KEPT)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(environ["REQUEST_METHOD"], target, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        start_response(f"{answer.status} {answer.reason}", answer.getheaders())
        return [content]
