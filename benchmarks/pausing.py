"""Measures a pause: from the click to the last request that the stand-in for Vonage saw."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.databases import PLACES, folder, kinds
from benchmarks.figures import Figure, Goal, command, of_runs
from tests.support.running import Running, running

GOAL = Goal(must=2, aim=1)
PACE, RUNS, SENDS_FOR = 200, 7, 3.0
SMALL_SENDS_FOR = 0.5
_QUIET = 3.0
"""seconds after which nothing more comes; a slice holds what leaves within one second"""


def pause(service: Running, sends_for: float) -> float:
    """Pause a campaign while it sends. Returns the seconds until the last request, at least 0."""
    installed = service.installed
    campaign_id = service.draft(round(PACE * (sends_for + 10)), batch_size=10_000)
    service.move(campaign_id, "start")
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 0)
    time.sleep(sends_for)
    clicked = time.time()
    service.move(campaign_id, "pause")
    time.sleep(_QUIET)
    last = max(installed.arrivals())
    installed.clear()
    return max(0.0, last - clicked)


def measure(small: bool) -> Iterator[Figure]:
    sends_for, runs = (SMALL_SENDS_FOR, 1) if small else (SENDS_FOR, RUNS)
    for kind in kinds(small):
        with folder() as path, PLACES[kind]() as place, running(path, place.new()) as service:
            service.installed.set_pace(PACE)
            yield of_runs(f"pause on {kind}", "s", GOAL, [pause(service, sends_for) for _ in range(runs)])


if __name__ == "__main__":
    raise SystemExit(command(measure))
