"""Measures what all our processes hold (PSS) while they import a million and send to them; it must be flat.

Sending to the whole million takes ten minutes and more: `--whole` does so, otherwise it ends after
MESSAGES, out of a campaign of a million.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import family, people_file
from benchmarks.databases import PLACES, folder, kinds
from benchmarks.figures import Figure, Goal, command
from benchmarks.importing import ours as import_file
from benchmarks.installed import FASTEST
from benchmarks.recipients import start
from tests.support.running import Running, running

MEGABYTES = Goal(must=250, aim=150)
FLAT = Goal(must=1.1, aim=1.05, of="ratio")
ROWS, MESSAGES = 1_000_000, 100_000
SMALL = 1_000


def importing(service: Running, campaign_id: int, file: Path, rows: int, refused: int) -> list[float]:
    """Import the file. Returns the megabytes held meanwhile."""
    with family.watched(service.processes[0]) as seen:
        import_file(service, campaign_id, file, rows, refused)
    return seen


def sending(service: Running, campaign_id: int, messages: int) -> list[float]:
    """Send so many messages. Returns the megabytes held meanwhile."""
    installed = service.installed
    installed.set_pace(FASTEST)
    start(installed.database, campaign_id)
    with family.watched(service.processes[0]) as seen:
        while installed.read(campaign_id).sent_count < messages:
            time.sleep(0.25)
    return seen


def measure(small: bool) -> Iterator[Figure]:
    rows = SMALL if small else ROWS
    with folder() as path:
        refused = people_file.write(path / "people.csv", rows)
        messages = rows - refused if small or "--whole" in sys.argv else MESSAGES
        for kind in kinds(small):
            with PLACES[kind]() as place, running(path / kind, place.new()) as service:
                campaign_id = service.draft(batch_size=10_000)
                imported = importing(service, campaign_id, path / "people.csv", rows, refused)
                sent = sending(service, campaign_id, messages)
            for what, seen in (("importing", imported), ("sending to", sent)):
                name = f"memory while {what} {rows:,} on {kind}"
                yield Figure(name, max(seen), "MB", MEGABYTES, note="PSS of web, engine and their parent")
                yield Figure(f"{name}, growth", max(seen), "MB", FLAT, None, family.growth(seen))


if __name__ == "__main__":
    raise SystemExit(command(measure))
