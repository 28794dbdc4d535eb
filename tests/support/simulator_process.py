"""Ways to run the simulator for a test: in a thread of this process, or as a process of its own."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from vonage_simulator import Simulator, SimulatorConfig
from vonage_simulator.courier import Courier
from vonage_simulator.faults import FaultInjector
from vonage_simulator.ledger import Ledger

STARTS_WITHIN = 20.0


@dataclass(frozen=True)
class RunningSimulator:
    """A simulator that runs in another thread; its parts may be asked and changed from here."""

    url: str
    simulator: Simulator
    loop: asyncio.AbstractEventLoop
    stopped: asyncio.Event

    @property
    def ledger(self) -> Ledger:
        """What it saw and accepted."""
        return self.simulator.ledger

    @property
    def faults(self) -> FaultInjector:
        """What goes wrong: `.change({...})`."""
        return self.simulator.faults

    @property
    def courier(self) -> Courier:
        """Its receipts: `.change({...})` and `.tally()`."""
        return self.simulator.courier

    def refuse_connections(self, seconds: float) -> None:
        """Close its port for that long."""
        self.loop.call_soon_threadsafe(self.simulator.refuse_connections, seconds)


@contextmanager
def running_simulator(config: SimulatorConfig | None = None) -> Iterator[RunningSimulator]:
    """A simulator in a thread with its own event loop, stopped at the end."""
    started: Future[RunningSimulator] = Future()
    thread = threading.Thread(target=_run, args=(config or SimulatorConfig(), started), name="simulator")
    thread.start()
    running = started.result(STARTS_WITHIN)
    try:
        yield running
    finally:
        running.loop.call_soon_threadsafe(running.stopped.set)
        thread.join()


@contextmanager
def simulator_in_a_process(config: Mapping[str, object] | None = None) -> Iterator[str]:
    """The URL of a simulator that runs as a process, ended at the end; `config` is its JSON file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "simulator.json"
        path.write_text(json.dumps(config or {}), encoding="utf-8")
        command = [sys.executable, "-m", "vonage_simulator", "--config", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            try:
                yield process.stdout.readline().strip()
            finally:
                process.terminate()


def _run(config: SimulatorConfig, started: Future[RunningSimulator]) -> None:
    asyncio.run(_live(Simulator(config), started))


async def _live(simulator: Simulator, started: Future[RunningSimulator]) -> None:
    try:
        url = await simulator.start()
    except OSError as error:
        started.set_exception(error)
        return
    running = RunningSimulator(url, simulator, asyncio.get_running_loop(), asyncio.Event())
    started.set_result(running)
    await running.stopped.wait()
    await simulator.stop()
