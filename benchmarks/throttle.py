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

CAPACITY = 300
USED = Goal(must=0.9, aim=0.95, of="ratio", more_is_better=True)
REFUSED = Goal(must=0.05, aim=0.02, of="ratio")
SETTLES = 2.0
"""seconds"""

MESSAGES, SMALL_MESSAGES = 6_000, 1_500

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


def capacity_figures(place: Place, simulator: str, kind: str, messages: int) -> Iterator[Figure]:
    """Send where Vonage takes only CAPACITY messages a second and does not say so: how much of it is used."""
    with installed(place.new(), simulator, pace=2_000) as made:
        made.clear()
        made.set_faults(capacity=CAPACITY)
        made.start_leader()
        made.wait_for_end(made.campaign(messages, batch_size=10_000), 60 + 2 * messages / CAPACITY)
        rate, ledger = settled_rate(made.arrivals()), made.ledger()
        made.set_faults(reset=True)
    name = f"hidden capacity of {CAPACITY} messages/s on {kind}"
    refused = ledger["refused"].get("429", 0)
    yield Figure(f"{name}, used", rate, "messages/s", USED, CAPACITY, rate / CAPACITY)
    share = refused / ledger["requests"]
    yield Figure(f"{name}, refused", refused, "requests", REFUSED, ledger["requests"], share)


def settled_rate(arrivals: Sequence[float]) -> float:
    """Return the requests a second, without the first seconds and the last ones."""
    times = sorted(arrivals)
    begin, end = times[0] + SETTLES, times[-1] - SETTLES
    settled = [at for at in times if begin <= at <= end]
    return len(settled) / (end - begin)


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
                yield from capacity_figures(place, simulator, kind, SMALL_MESSAGES if small else MESSAGES)


if __name__ == "__main__":
    raise SystemExit(command(measure))
