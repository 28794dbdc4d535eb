"""Measures report, list and pages of a campaign of a million recipients, against the same of a thousand.

The running service is asked over HTTP, for the large and the small campaign in turn; a third each of the
recipients is sent, delivered and failed. The 99th percentile counts for the slowest kind of view, the
median for the one that grows most, since the ratio of two 99th percentiles is mostly noise.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import ceil
from statistics import median

import requests
import sqlalchemy as sa

from benchmarks.databases import PLACES, folder, kinds
from benchmarks.figures import Figure, Goal, command
from benchmarks.recipients import add_campaign
from outbound_campaigns.database.models import Recipient
from tests.support.running import Running, running

MILLISECONDS = Goal(must=50, aim=20)
GROWTH = Goal(must=2, aim=1.2, of="ratio")
LARGE, FEW, TIMES = 1_000_000, 1_000, 200
SMALL_LARGE, SMALL_FEW, SMALL_TIMES = 500, 100, 3


def paths(service: Running, campaign_id: int) -> dict[str, str]:
    """Return the paths by kind of view of a campaign; the deep page begins at nine tenths of it."""
    one = f"/campaigns/{campaign_id}"
    with service.installed.database.read() as session:
        total = service.installed.read(campaign_id).counts["total"]
        query = sa.select(Recipient.id, Recipient.phone_number).where(Recipient.campaign_id == campaign_id)
        deep = session.execute(query.order_by(Recipient.id).offset(total * 9 // 10).limit(1)).one()
    return {
        "list of campaigns": "/campaigns",
        "campaign": one,
        "report": f"{one}/report",
        "first page": f"{one}/recipients?limit=50",
        "deep page": f"{one}/recipients?limit=50&after={deep.id}",
        "page of failed": f"{one}/recipients?limit=50&status=failed&after={deep.id}",
        "by last digits": f"{one}/recipients?q={deep.phone_number[-4:]}",
        "by number": f"{one}/recipients?q={deep.phone_number[-10:]}",
        "one recipient": f"{one}/recipients/{deep.id}",
    }


def ask(session: requests.Session, service: Running, path: str) -> float:
    """Ask for a view. Returns the milliseconds it took."""
    began = time.perf_counter()
    answer = session.get(service.url + path, timeout=30)
    took = (time.perf_counter() - began) * 1000
    answer.raise_for_status()
    return took


def p99(values: list[float]) -> float:
    return sorted(values)[ceil(0.99 * len(values)) - 1]


def measure_kinds(
    service: Running, large: int, few: int, times: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Return {kind of view: (its times with many recipients, with few)}."""
    many = paths(service, add_campaign(service.installed.database, large, large))
    less = paths(service, add_campaign(service.installed.database, few, few))
    found: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in many}
    with requests.Session() as session:
        session.headers.update(service.headers)
        for path in [*many.values(), *less.values()]:
            ask(session, service, path)  # the first request waits for what is loaded once
        for _ in range(times):
            for kind, path in many.items():
                found[kind][0].append(ask(session, service, path))
                found[kind][1].append(ask(session, service, less[kind]))
    return found


def measure(small: bool) -> Iterator[Figure]:
    large, few, times = (SMALL_LARGE, SMALL_FEW, SMALL_TIMES) if small else (LARGE, FEW, TIMES)
    for kind in kinds(small):
        with folder() as path, PLACES[kind]() as place, running(path, place.new()) as service:
            found = measure_kinds(service, large, few, times)
        tails = {view: p99(many) for view, (many, _) in found.items()}
        slowest = max(tails, key=lambda view: tails[view])
        note = f"the slowest: {slowest}"
        yield Figure(f"views at {large:,} on {kind}, p99", tails[slowest], "ms", MILLISECONDS, note=note)
        medians = {view: (median(many), median(less)) for view, (many, less) in found.items()}
        grown = max(medians, key=lambda view: medians[view][0] / medians[view][1])
        value, baseline = medians[grown]
        note = f"the most grown: {grown}"
        name = f"views at {large:,} against {few:,} on {kind}, median"
        yield Figure(name, value, "ms", GROWTH, baseline, value / baseline, note)


if __name__ == "__main__":
    raise SystemExit(command(measure))
