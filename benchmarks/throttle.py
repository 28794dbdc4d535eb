"""Measures the throttle: at most batch_size requests in any window of the interval, but nearly as many.

It uses the time when each request began, as our engine stored it; the stand-in's ledger must have as many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.databases import PLACES, Place, kinds
from benchmarks.figures import Figure, Goal, command
from benchmarks.installed import installed, stand_in

NEVER = Goal(must=0, aim=0)
MEAN = Goal(must=0.99, aim=0.999, of="ratio", more_is_better=True)
BATCHES = ((20, 1_000), (250, 2_000), (200, 1_000), (1_000, 1_000))
"""batch_size, batch_interval_ms"""
INTERVALS = 20
SMALL_BATCHES, SMALL_INTERVALS = ((20, 1_000),), 2
_TOLERANCE = 0.010
"""seconds"""


def send(place: Place, simulator: str, size: int, interval_ms: int, intervals: int) -> Sequence[float]:
    """Send a campaign. Returns when each request began, in seconds since 1970."""
    with installed(place.new(), simulator) as made:
        made.clear()
        made.start_leader()
        messages = size * intervals + 1
        campaign_id = made.campaign(messages, batch_size=size, batch_interval_ms=interval_ms)
        made.wait_for_end(campaign_id, 60 + 2 * intervals * interval_ms / 1000)
        times = [at.timestamp() for at in made.send_times(campaign_id)]
        if len(times) != messages or made.totals()["accepted"] != messages:
            raise RuntimeError(f"{len(times)} of {messages} were sent, accepted {made.totals()['accepted']}")
        return times


def windows_over(times: Sequence[float], size: int, interval: float) -> int:
    """Return how many windows hold more than `size` requests."""
    return sum(last - first < interval - _TOLERANCE for first, last in zip(times, times[size:], strict=False))


def measure(small: bool) -> Iterator[Figure]:
    batches, intervals = (SMALL_BATCHES, SMALL_INTERVALS) if small else (BATCHES, INTERVALS)
    with stand_in() as simulator:
        for kind in kinds(small):
            with PLACES[kind]() as place:
                for size, interval_ms in batches:
                    times = send(place, simulator, size, interval_ms, intervals)
                    name = f"throttle of {size} in {interval_ms} ms on {kind}"
                    over = windows_over(times, size, interval_ms / 1000)
                    yield Figure(f"{name}, windows over", over, "windows", NEVER)
                    # The last request opens a new interval, so that only whole ones lie before it.
                    mean = (len(times) - 1) / (times[-1] - times[0])
                    nominal = size / interval_ms * 1000
                    yield Figure(f"{name}, mean", mean, "messages/s", MEAN, nominal, mean / nominal)


if __name__ == "__main__":
    raise SystemExit(command(measure))
