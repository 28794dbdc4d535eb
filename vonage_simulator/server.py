"""Runs a simulator: it listens, answers, refuses connections for a while, and stops."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from aiohttp import web

from vonage_simulator.accounts import Account
from vonage_simulator.authorization import Authorizer
from vonage_simulator.config import SimulatorConfig
from vonage_simulator.control import Control
from vonage_simulator.courier import Courier
from vonage_simulator.faults import FaultInjector
from vonage_simulator.ledger import Ledger
from vonage_simulator.reception import Reception
from vonage_simulator.reports import Reports
from vonage_simulator.routing import Router
from vonage_simulator.templates import Templates

GRACE_SECONDS = 1.0
STOP_SECONDS = 0.05
BACKLOG = 1024

_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Simulator:
    """A stand-in for Vonage that runs in the current event loop."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.ledger = Ledger()
        self.faults = FaultInjector(config.faults, config.seed)
        self.templates = Templates(config.wabas)
        self.courier = Courier(config.receipts, config.seed)
        self.reports = Reports(self.ledger, config.reports)
        self._host, self._port = config.host, config.port
        authorizer = Authorizer(config.accounts, config.signature_secret)
        control = Control(
            config.accounts or (Account(signature_secret=config.signature_secret),),
            self.faults,
            self.ledger,
            self.templates,
            self.courier,
            self.reports,
            self.refuse_connections,
        )
        reception = Reception(authorizer, self.faults, self.templates, self.ledger, self.courier)
        self._router = Router(reception, control, authorizer, self.templates, self.reports)
        self._reopening: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Return the base URL, known once the simulator has started."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> str:
        """Listen. Returns the URL; raises OSError when the port is taken."""
        await self.courier.start()
        try:
            await self._listen()
        except OSError:
            await self.courier.stop()
            raise
        return self.url

    async def stop(self) -> None:
        """Stop listening, and drop what is under way."""
        if self._reopening is not None:
            self._reopening.cancel()
            await asyncio.gather(self._reopening, return_exceptions=True)
        await self._hang_up(STOP_SECONDS)
        await self.courier.stop()

    def refuse_connections(self, seconds: float) -> None:
        """Close the port for that many seconds, then listen on it again; call it in the simulator's loop."""
        if self._reopening is None or self._reopening.done():
            self._reopening = asyncio.create_task(self._away(seconds))

    async def _away(self, seconds: float) -> None:
        await self._hang_up(GRACE_SECONDS)
        await asyncio.sleep(seconds)
        await self._listen()

    async def _listen(self) -> None:
        # The low-level server, since an Application's routing and middlewares would halve the speed.
        self._server = web.Server(self._router.handle, access_log=None)
        self._listener = await asyncio.get_running_loop().create_server(
            self._connected, self._host, self._port, backlog=BACKLOG
        )
        self._port = self._listener.sockets[0].getsockname()[1]

    def _connected(self) -> asyncio.Protocol:
        self.ledger.connected()
        return self._server()

    async def _hang_up(self, grace: float) -> None:
        """Close the port: idle connections at once, the others after their answer or the grace period."""
        self._listener.close()
        self._server.pre_shutdown()
        await self._server.shutdown(grace)


async def serve(config: SimulatorConfig, on_start: Callable[[str], object] = lambda _: None) -> None:
    """Run a simulator until SIGINT, SIGTERM or SIGHUP; `on_start` is called with its URL."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()

    # Not the loop's own, which are gone when it is closed: a signal that came then would kill the process.
    def stop(_number: int, _frame: FrameType | None) -> None:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(stopped.set)

    for number in _ENDS:
        signal.signal(number, stop)
    simulator = Simulator(config)
    on_start(await simulator.start())
    try:
        await stopped.wait()
    finally:
        await simulator.stop()
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
