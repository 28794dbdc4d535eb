"""Measures what a message costs at the end of a million recipients, against ten thousand in all.

Ten thousand are sent beside a million who have already been sent to, with their attempts; the cost is the
processor time of the engine and of PostgreSQL for each message.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import family
from benchmarks.databases import PLACES, Place, kinds
from benchmarks.figures import Figure, Goal, against, command
from benchmarks.installed import Installed, installed, stand_in
from benchmarks.recipients import add_campaign, start

GOAL = Goal(must=1.1, aim=1.0, of="ratio")
LARGE, MESSAGES, RUNS = 1_000_000, 10_000, 5
SMALL_LARGE, SMALL_MESSAGES = 400, 100


def cost(made: Installed, place: Place, campaign_id: int, messages: int) -> float:
    """Send a campaign. Returns the microseconds of processor time for each message."""
    engine = made.start_leader()
    try:
        # Processes are listed anew each time: PostgreSQL's come and go with connections.
        began = family.cpu_seconds([*family.members(engine), *place.processes()])
        start(made.database, campaign_id)
        campaign = made.wait_for_end(campaign_id, 300)
        spent = family.cpu_seconds([*family.members(engine), *place.processes()]) - began
        if campaign.counts["pending"] or campaign.counts["sending"]:
            raise RuntimeError(f"not all were sent to: {campaign.counts}")
        return 1e6 * spent / messages
    finally:
        made.kill_engines()


def measure(small: bool) -> Iterator[Figure]:
    large, messages, runs = (SMALL_LARGE, SMALL_MESSAGES, 1) if small else (LARGE, MESSAGES, RUNS)
    for kind in kinds(small):
        with (
            stand_in() as simulator,
            PLACES[kind]() as place,
            installed(place.new(), simulator) as many,
            installed(place.new(), simulator) as few,
        ):
            add_campaign(many.database, large, large, first=1_000_000)
            pairs = []
            for run in range(runs):
                first = 5_000_000 + run * messages
                ids = [
                    add_campaign(made.database, messages, first=first, batch_size=10_000)
                    for made in (many, few)
                ]
                pairs.append((cost(many, place, ids[0], messages), cost(few, place, ids[1], messages)))
        yield against(f"cost per message at {large:,} on {kind}", "µs", GOAL, pairs)


if __name__ == "__main__":
    raise SystemExit(command(measure))
