"""A gunicorn worker that serves the front on uvloop. Processes, signals and restarts stay gunicorn's."""

from __future__ import annotations

import asyncio
import os
import resource
import signal

from gunicorn.workers.base import Worker

from outbound_campaigns.runtime.event_loop import new_event_loop, take_short_turns
from outbound_campaigns.web.api.service import service_of
from outbound_campaigns.web.front.app import Front
from outbound_campaigns.web.front.server import Server

_TICK = 1.0

_FINISHES = {signal.SIGTERM: True, signal.SIGINT: False, signal.SIGQUIT: False}
"""the signals that end a worker, and whether it first ends what it has begun"""


class FrontWorker(Worker):  # type: ignore[misc]
    """One process of the web service; `wsgi` is the Flask application."""

    def init_process(self) -> None:
        _allow_many_sockets()
        take_short_turns()
        super().init_process()

    def init_signals(self) -> None:
        """Take no signals before the loop does."""
        for number in self.SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    def run(self) -> None:
        """Serve until told to stop, or until the parent is gone."""
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Future[bool]()
        for number, finishes in _FINISHES.items():
            loop.add_signal_handler(number, _end, stop, finishes)
        settings = service_of(self.wsgi).settings
        front = Front(self.wsgi)
        server = Server(
            front,
            settings.client_timeout,
            self.cfg.keepalive,
            settings.trusted_proxies,
            front.take_at_once,
        )
        await server.start([listener.sock for listener in self.sockets])
        while not stop.done() and os.getppid() == self.ppid:
            self.notify()
            server.tick()
            await asyncio.wait((stop,), timeout=_TICK)
        self.alive = False
        finishes = stop.result() if stop.done() else False
        await server.end(self.cfg.graceful_timeout if finishes else 0.0)


def _end(stop: asyncio.Future[bool], finishes: bool) -> None:
    if not stop.done():
        stop.set_result(finishes)


def _allow_many_sockets() -> None:
    """Let this process have as many files as the system allows it: each client is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
