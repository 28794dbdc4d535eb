"""Report, list and any page of a campaign of a million recipients; against the same of a thousand.

The running service is asked over HTTP, large and small campaign in turns; a third each of the recipients
is sent, delivered and failed. The 99th percentile of the slowest kind of view counts.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from math import ceil

import requests
import sqlalchemy as sa

from benchmarks.databases import PLACES, folder
from benchmarks.figures import Figure, Goal, command
from benchmarks.recipients import add_campaign
from outbound_campaigns.models import Recipient
from tests.service.running import Running, running

MILLISECONDS = Goal(must=50, aim=20)
GROWTH = Goal(must=2, aim=1.2, of="ratio")
LARGE, FEW, TIMES = 1_000_000, 1_000, 200
SMALL_LARGE, SMALL_FEW, SMALL_TIMES = 500, 100, 3


def paths(service: Running, campaign_id: int) -> dict[str, str]:
    """Kinds of views of a campaign; the deep page begins at nine tenths of it."""
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
    """Milliseconds."""
    began = time.perf_counter()
    answer = session.get(service.url + path, timeout=30)
    took = (time.perf_counter() - began) * 1000
    answer.raise_for_status()
    return took


def p99(values: list[float]) -> float:
    return sorted(values)[ceil(0.99 * len(values)) - 1]


def measure_kinds(service: Running, large: int, few: int, times: int) -> dict[str, tuple[float, float]]:
    """{kind of view: (its 99th percentile with many recipients, with few)}."""
    many = paths(service, add_campaign(service.installed.database, large, large))
    less = paths(service, add_campaign(service.installed.database, few, few))
    found: dict[str, tuple[list[float], list[float]]] = {kind: ([], []) for kind in many}
    with requests.Session() as session:
        session.headers.update(service.headers)
        for _ in range(times):
            for kind, path in many.items():
                found[kind][0].append(ask(session, service, path))
                found[kind][1].append(ask(session, service, less[kind]))
    return {kind: (p99(large_), p99(few_)) for kind, (large_, few_) in found.items()}


def measure(small: bool) -> Iterator[Figure]:
    large, few, times = (SMALL_LARGE, SMALL_FEW, SMALL_TIMES) if small else (LARGE, FEW, TIMES)
    for kind in PLACES:
        with folder() as path, PLACES[kind]() as place, running(path, place.new()) as service:
            found = measure_kinds(service, large, few, times)
        slowest = max(found, key=lambda view: found[view][0])
        note = f"the slowest: {slowest}"
        yield Figure(f"views at {large:,} on {kind}, p99", found[slowest][0], "ms", MILLISECONDS, note=note)
        grown = max(found, key=lambda view: found[view][0] / found[view][1])
        value, baseline = found[grown]
        note = f"the most grown: {grown}"
        name = f"views at {large:,} against {few:,} on {kind}, p99"
        yield Figure(name, value, "ms", GROWTH, baseline, value / baseline, note)


if __name__ == "__main__":
    raise SystemExit(command(measure))
