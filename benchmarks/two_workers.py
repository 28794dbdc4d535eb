"""Measures two workers and two campaigns on one PostgreSQL against one worker and one campaign.

Each worker needs a core of its own, as do the stand-in and PostgreSQL: with fewer than four it reports so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks import machine
from benchmarks.databases import Place, postgresql
from benchmarks.figures import Figure, Goal, against, command
from benchmarks.installed import installed, stand_in

GOAL = Goal(must=1.7, aim=1.9, of="ratio", more_is_better=True)
NEEDED, MESSAGES, RUNS = 4, 20_000, 3


def free_cores() -> int:
    """Return how many cores nobody else has kept busy for the last minute."""
    return max(0, round(len(machine.cores()) - os.getloadavg()[0]))


def per_second(place: Place, simulator: str, workers: int) -> float:
    """Return the messages a second of so many workers, each on its own core, over as many campaigns."""
    with installed(place.new(), simulator, engine="cluster") as made:
        made.clear()
        ids = [made.campaign(MESSAGES, batch_size=10_000) for _ in range(workers)]
        for core in machine.cores()[:workers]:
            machine.pin(made.start_engine().pid, [core])
        ended = [made.wait_for_end(campaign_id, 600).finished_at for campaign_id in ids]
        took = max(at.timestamp() for at in ended if at is not None) - made.arrivals()[0]
        return workers * MESSAGES / took


def measure(small: bool) -> Iterator[Figure]:
    found = 0 if small else free_cores()
    if found < NEEDED:
        note = f"not measurable here: {found} free cores of {len(machine.cores())}, {NEEDED} are needed"
        yield Figure("two workers against one", None, "x", GOAL, note=note)
        return
    with stand_in() as simulator, postgresql() as place:
        pairs = [(per_second(place, simulator, 2), per_second(place, simulator, 1)) for _ in range(RUNS)]
    yield against("two workers against one", "messages/s", GOAL, pairs)


if __name__ == "__main__":
    raise SystemExit(command(measure))
