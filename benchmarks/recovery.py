"""Measures the way back to sending: from kill -9 of the engine to the next request that the stand-in saw.

Once with another engine standing by, once with the same one started again at once, as systemd does.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

from benchmarks.databases import PLACES, Place, kinds
from benchmarks.figures import Figure, Goal, command, of_runs
from benchmarks.installed import Installed, installed, stand_in

GOAL = Goal(must=10, aim=5)
PACE, RUNS, SENDS_FOR = 200, 5, 2.0
_PATIENCE = 30.0


def recover(place: Place, simulator: str, standby: bool) -> float:
    """Kill a sending engine. Returns the seconds until the next request."""
    with installed(place.new(), simulator, PACE) as made:
        made.clear()
        leader = made.start_leader()
        if standby:
            made.start_leader()
        made.campaign(PACE * 60, batch_size=10_000)
        _wait_for_requests(made, 0.0)
        time.sleep(SENDS_FOR)
        os.kill(leader.pid, signal.SIGKILL)
        killed = time.time()
        leader.wait()
        if not standby:
            made.start_again()
        return _wait_for_requests(made, killed + 0.2) - killed


def _wait_for_requests(made: Installed, since: float) -> float:
    """Return when the first request after `since` arrived: those under way at the kill do not count."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        after = [at for at in made.arrivals() if at > since]
        if after:
            return min(after)
        time.sleep(0.1)
    raise TimeoutError(f"nothing was sent for {_PATIENCE} s")


def measure(small: bool) -> Iterator[Figure]:
    runs = 1 if small else RUNS
    with stand_in() as simulator:
        for kind in kinds(small):
            with PLACES[kind]() as place:
                for standby, how in ((True, "another stands by"), (False, "started again")):
                    if small and not standby:
                        continue
                    times = [recover(place, simulator, standby) for _ in range(runs)]
                    yield of_runs(f"back after kill -9 on {kind}, {how}", "s", GOAL, times)


if __name__ == "__main__":
    raise SystemExit(command(measure))
