"""Sets up what is measured: database, Botpress's files, the stand-in for Vonage, the engine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import requests

from benchmarks import machine
from benchmarks.databases import folder
from tests.support.installation import Installation
from tests.support.simulator_process import simulator_in_a_process

FASTEST = 10_000
"""messages a second: the highest `messagesPerSecond`, so that only the machine is the limit"""


class Installed(Installation):
    """An installation whose engine is the product's (`python -m outbound_campaigns.engine`), on our core."""

    def start_leader(self) -> subprocess.Popen[bytes]:
        """Start an engine, and wait until one leads, be it this one or one before it."""
        process = self.start_again()
        self._wait_for_leader()
        return process

    def start_again(self) -> subprocess.Popen[bytes]:
        """Start an engine on our core, without waiting for one to lead."""
        command = ["taskset", "--cpu-list", str(machine.ours()[0]), sys.executable]
        with (self.folder / "engines.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, "-m", "outbound_campaigns.engine"], env=self.environ, stderr=log
            )
        self.engines.append(process)
        return process

    def _wait_for_leader(self) -> None:
        log = self.folder / "engines.log"
        end = time.monotonic() + 30
        while "engine leads" not in log.read_text(encoding="utf-8"):
            if time.monotonic() > end:
                raise TimeoutError(f"no engine leads: {log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.05)

    def totals(self) -> dict[str, Any]:
        """Return the counts of the stand-in's ledger."""
        answer = requests.get(f"{self.simulator}/_simulator/ledger/totals", timeout=30)
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def stand_in(**config: object) -> Iterator[str]:
    """Yield the URL of a stand-in for Vonage on the other cores; without receipts unless configured."""
    with simulator_in_a_process({"receipts": {"on": False}, **config}) as url:
        for process in _children("vonage_simulator"):
            machine.pin(process, machine.theirs())
        yield url


@contextmanager
def installed(
    database_url: str, simulator: str, pace: float = FASTEST, engine: str = "embedded"
) -> Iterator[Installed]:
    with folder() as path:
        made = Installed(path, simulator, database_url, engine)
        made.set_pace(pace)
        try:
            yield made
        finally:
            made.close()


def _children(module: str) -> list[int]:
    return [child.pid for child in psutil.Process().children() if module in child.cmdline()]
