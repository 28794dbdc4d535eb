"""Measures what more workers bring: `python -m benchmarks.scaling [workers …]` prints a Markdown table.

For docs/scale.md. Workers, PostgreSQL and the stand-in share this machine's cores, so that messages a
second are limited by these; the processor time of each for a message shows what more cores would bring.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

import psutil

from benchmarks import family
from benchmarks.databases import Place, postgresql
from benchmarks.installed import Installed, installed, stand_in

CAMPAIGNS, MESSAGES = 4, 10_000
WORKERS = (1, 2, 4)


class Row(NamedTuple):
    """Messages a second of all workers, and microseconds of processor time for each message."""

    workers: int
    per_second: float
    worker: float
    postgresql: float
    stand_in: float


def measured(place: Place, simulator: str, workers: int) -> Row:
    with installed(place.new(), simulator, engine="cluster") as made:
        made.clear()
        senders = [psutil.Process(made.start_engine().pid) for _ in range(workers)]
        all_joined(made, workers)
        groups = (senders, place.processes(), _children("vonage_simulator"))
        before = [family.cpu_seconds(group) for group in groups]
        ids = [made.campaign(MESSAGES, batch_size=10_000) for _ in range(CAMPAIGNS)]
        ended = [made.wait_for_end(campaign_id, 600).finished_at for campaign_id in ids]
        spent = [family.cpu_seconds(group) - begun for group, begun in zip(groups, before, strict=True)]
        took = max(at.timestamp() for at in ended if at is not None) - min(made.arrivals())
    each = [1e6 * seconds / (CAMPAIGNS * MESSAGES) for seconds in spent]
    return Row(workers, CAMPAIGNS * MESSAGES / took, *each)


def all_joined(made: Installed, workers: int) -> None:
    """Wait until all workers have joined: otherwise the first would send everything."""
    with made.database.engine.connect() as connection:
        while connection.exec_driver_sql("SELECT count(*) FROM outbound_workers").scalar_one() < workers:
            connection.rollback()


def _children(module: str) -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if module in child.cmdline()]


def main(counts: Sequence[int]) -> None:
    print("| workers | messages/s | worker, µs each | PostgreSQL, µs each | stand-in, µs each |")
    print("|---|---|---|---|---|", flush=True)
    with stand_in() as simulator, postgresql() as place:
        for workers in counts:
            row = measured(place, simulator, workers)
            print(f"| {row.workers} | {' | '.join(f'{value:,.0f}' for value in row[1:])} |", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or WORKERS)
