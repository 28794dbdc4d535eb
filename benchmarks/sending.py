"""Measures sending with all its steps (claim, render, post, record), against the same POSTs without them.

One engine runs on one core, on SQLite with full sync and on PostgreSQL; the stand-in for Vonage (and
PostgreSQL) run on the others. The time is from the first request that the stand-in saw until the campaign
is completed in the database, so with every outcome recorded.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks import machine
from benchmarks.databases import PLACES, Place
from benchmarks.figures import Figure, Goal, against, command
from benchmarks.installed import installed, stand_in

GOALS = {
    "sqlite": Goal(must=0.5, aim=0.75, of="ratio", more_is_better=True),
    "postgresql": Goal(must=0.4, aim=0.6, of="ratio", more_is_better=True),
}
AGAINST_SDK = Goal(must=90, aim=90, of="ratio", more_is_better=True)
MESSAGES, RUNS, SDK_MESSAGES = 30_000, 3, 50
SMALL, SMALL_SDK = 300, 2
IN_FLIGHT = 256
"""requests of the bare loop: as many as our engine's default limit (OUTBOUND_MAX_IN_FLIGHT)"""


def ours(place: Place, simulator: str, messages: int) -> float:
    """Return the messages a second of our engine."""
    with installed(place.new(), simulator) as made:
        made.clear()
        made.start_leader()
        campaign_id = made.campaign(messages, batch_size=10_000)
        campaign = made.wait_for_end(campaign_id, 600)
        arrivals = made.arrivals()
        refused = made.totals()["refused"]
        if campaign.sent_count != messages or len(arrivals) != messages or refused:
            raise RuntimeError(f"{len(arrivals)} requests, {refused}: {campaign.counts}")
        assert campaign.finished_at is not None
        return messages / (campaign.finished_at.timestamp() - arrivals[0])


def bare(simulator: str, messages: int) -> float:
    """Return the messages a second of aiohttp alone, on the same core."""
    seconds = _on_our_core("benchmarks.bare_loop", simulator, str(messages), str(IN_FLIGHT))
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
    with stand_in() as simulator:
        for kind, goal in GOALS.items():
            with PLACES[kind]() as place:
                pairs = [(ours(place, simulator, messages), bare(simulator, messages)) for _ in range(runs)]
            yield against(f"sending on {kind}", "messages/s", goal, pairs)
            if kind == "sqlite":
                slow = sdk(simulator, SMALL_SDK if small else SDK_MESSAGES)
                pairs = [(mine, slow) for mine, _ in pairs]
                yield against("sending on sqlite, against Vonage's SDK", "messages/s", AGAINST_SDK, pairs)


if __name__ == "__main__":
    raise SystemExit(command(measure))
