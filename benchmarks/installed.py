"""The real thing to measure: database, Botpress's files, the stand-in for Vonage, the engine."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from benchmarks import machine
from benchmarks.databases import folder
from tests.installation import Installation
from tests.simulator_process import simulator_in_a_process

FASTEST = 10_000
"""messages a second: the highest `messagesPerSecond`, so that nothing but the machine limits"""


class Installed(Installation):
    """With the engine that the product starts, `python -m outbound_campaigns.engine`, on our one core."""

    def engine(self) -> subprocess.Popen[bytes]:
        command = ["taskset", "--cpu-list", str(machine.ours()[0]), sys.executable]
        with (self.folder / "engines.log").open("ab") as log:
            process = subprocess.Popen(
                [*command, "-m", "outbound_campaigns.engine"], env=self.environ, stderr=log
            )
        self.engines.append(process)
        self._wait_for_leader()
        return process

    def _wait_for_leader(self) -> None:
        log = self.folder / "engines.log"
        end = time.monotonic() + 30
        while "engine leads" not in log.read_text(encoding="utf-8"):
            if time.monotonic() > end:
                raise TimeoutError(f"no engine leads: {log.read_text(encoding='utf-8')[-2000:]}")
            time.sleep(0.05)

    def totals(self) -> dict[str, Any]:
        """The counts of the stand-in's ledger."""
        answer = requests.get(f"{self.simulator}/_simulator/ledger/totals", timeout=30)
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def stand_in(**config: object) -> Iterator[str]:
    """The URL of the stand-in for Vonage, a process on the other cores; without receipts unless told."""
    before = machine.cores()
    with simulator_in_a_process({"receipts": {"on": False}, **config}) as url:
        for process in _children("outbound_campaigns.simulator"):
            machine.pin(process, machine.theirs())
        assert machine.cores() == before
        yield url


@contextmanager
def installed(database_url: str, simulator: str, pace: float = FASTEST) -> Iterator[Installed]:
    with folder() as path:
        made = Installed(path, simulator, database_url)
        made.set_pace(pace)
        try:
            yield made
        finally:
            made.close()


def _children(module: str) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process().children() if module in child.cmdline()]
