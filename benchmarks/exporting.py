"""Measures exporting a million recipients as CSV through the running service; its memory must stay flat."""

from __future__ import annotations

import time
from collections.abc import Iterator

import requests

from benchmarks import family
from benchmarks.databases import PLACES, folder, kinds
from benchmarks.figures import Figure, Goal, command, of_runs
from benchmarks.recipients import add_campaign
from tests.support.running import Running, running

SECONDS = Goal(must=30, aim=10)
FLAT = Goal(must=1.1, aim=1.02, of="ratio")
RECIPIENTS, RUNS = 1_000_000, 3
SMALL = 500


def export(service: Running, campaign_id: int, recipients: int) -> float:
    """Export once. Returns the seconds until the last byte is here."""
    began, lines = time.monotonic(), 0
    url = f"{service.url}/campaigns/{campaign_id}/export"
    with requests.get(url, headers=service.headers, stream=True, timeout=60) as answer:
        answer.raise_for_status()
        for block in answer.iter_content(1 << 18):
            lines += block.count(b"\n")
    took = time.monotonic() - began
    if lines != recipients + 1:
        raise RuntimeError(f"{lines} lines for {recipients} recipients")
    return took


def measure(small: bool) -> Iterator[Figure]:
    recipients, runs = (SMALL, 1) if small else (RECIPIENTS, RUNS)
    for kind in kinds(small):
        with folder() as path, PLACES[kind]() as place, running(path, place.new()) as service:
            campaign_id = add_campaign(service.installed.database, recipients, recipients)
            with family.watched(service.processes[0]) as seen:
                times = [export(service, campaign_id, recipients) for _ in range(runs)]
        yield of_runs(f"export of {recipients:,} on {kind}", "s", SECONDS, times)
        name = f"memory while exporting {recipients:,} on {kind}"
        yield Figure(name, max(seen), "MB", FLAT, seen[0], max(seen) / seen[0], "against before the first")


if __name__ == "__main__":
    raise SystemExit(command(measure))
