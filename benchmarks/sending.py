"""Measures sending with all its steps (claim, render, post, record), against the same POSTs without them.

One engine runs on one core, on SQLite with full sync and on PostgreSQL; the stand-in for Vonage (and
PostgreSQL) run on the others. The time is from the first request that the stand-in saw until the campaign
is completed in the database, so with every outcome recorded. Once more over TLS, as Vonage has it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from benchmarks import machine
from benchmarks.databases import PLACES, Place, folder
from benchmarks.figures import Figure, Goal, against, command
from benchmarks.installed import installed, stand_in
from tests.support.certificates import Authority

GOALS = {
    "http": Goal(must=0.12, aim=0.19, of="ratio", more_is_better=True),
    "https": Goal(must=0.2, aim=0.3, of="ratio", more_is_better=True),
}
AGAINST_SDK = Goal(must=90, aim=90, of="ratio", more_is_better=True)
MESSAGES, RUNS, SDK_MESSAGES = 30_000, 3, 50
SMALL, SMALL_SDK = 300, 2
IN_FLIGHT = 256
"""requests of the bare loop: as many as our engine's default limit (OUTBOUND_MAX_IN_FLIGHT)"""


@contextmanager
def cheap_vonage(scheme: str, path: Path) -> Iterator[str]:
    """Yield the URL of a stand-in on the other cores that answers at once; its certificate is trusted."""
    command = [sys.executable, "-m", "benchmarks.cheap_vonage", "--latency", "0"]
    with pytest.MonkeyPatch.context() as trusted:
        if scheme == "https":
            authority = Authority(path)
            command += ["--certificate", str(authority.certificate("localhost"))]
            for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
                trusted.setenv(name, str(authority.path))
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            machine.pin(process.pid, machine.theirs())
            try:
                yield process.stdout.readline().strip()
            finally:
                process.terminate()


def ours(place: Place, vonage: str, messages: int) -> float:
    """Return the messages a second of our engine."""
    with installed(place.new(), vonage) as made:
        requests.delete(f"{vonage}/totals", timeout=60)
        made.start_leader()
        campaign_id = made.campaign(messages, batch_size=10_000)
        campaign = made.wait_for_end(campaign_id, 600)
        arrivals = requests.get(f"{vonage}/arrivals", timeout=60).json()
        doubles = requests.get(f"{vonage}/totals", timeout=60).json()["doubles"]
        if campaign.sent_count != messages or len(arrivals) != messages or doubles:
            raise RuntimeError(f"{len(arrivals)} requests, {doubles} doubles: {campaign.counts}")
        assert campaign.finished_at is not None
        return messages / (campaign.finished_at.timestamp() - float(arrivals[0]))


def bare(vonage: str, messages: int) -> float:
    """Return the messages a second of httptools on uvloop alone, on the same core."""
    seconds = _on_our_core("benchmarks.bare_loop", vonage, str(messages), str(IN_FLIGHT))
    return messages / seconds


def sdk(simulator: str, messages: int) -> float:
    """Return the messages a second of Vonage's own SDK in a loop, on the same core."""
    return messages / _on_our_core("benchmarks.sdk_loop", simulator, str(messages))


def _on_our_core(module: str, *arguments: str) -> float:
    """Run a module on our core. Returns the seconds that it prints."""
    command = ["taskset", "--cpu-list", str(machine.ours()[0]), sys.executable, "-m", module, *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure(small: bool) -> Iterator[Figure]:
    messages, runs = (SMALL, 1) if small else (MESSAGES, RUNS)
    fastest = []
    for scheme, goal in GOALS.items():
        over = " over TLS" if scheme == "https" else ""
        with folder() as path, cheap_vonage(scheme, path) as vonage:
            for kind, made in PLACES.items():
                with made() as place:
                    pairs = [(ours(place, vonage, messages), bare(vonage, messages)) for _ in range(runs)]
                fastest.append(max(mine for mine, _ in pairs))
                yield against(f"sending on {kind}{over}", "messages/s", goal, pairs)
    with stand_in() as simulator:
        slow = sdk(simulator, SMALL_SDK if small else SDK_MESSAGES)
    pairs = [(fastest[0], slow)]
    yield against("sending on sqlite, against Vonage's SDK", "messages/s", AGAINST_SDK, pairs)


if __name__ == "__main__":
    raise SystemExit(command(measure))
