"""Measures judging a draft of a million rows anew when what fills its template changes.

The change is made by the API and the engine does the work; views of the campaign are asked for beside, and
its figures are held against the rows now and then. Once one row in a hundred differs, once all do.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import requests

from benchmarks.databases import PLACES, folder, kinds
from benchmarks.figures import Figure, Goal, command
from benchmarks.views import ask, p99
from outbound_campaigns.campaigns import recounting
from tests.support.running import Running, running

FEW_DIFFER, ALL_DIFFER = Goal(must=30, aim=15), Goal(must=90, aim=45)
VIEWS = Goal(must=250, aim=100)
ROWS, SMALL = 1_000_000, 500
RECOUNT_EACH = 10.0
"""seconds; counting a million rows takes one"""


@dataclass
class Judged:
    """How long it took, the milliseconds of the views meanwhile, and how often the figures were wrong."""

    seconds: float
    views: list[float] = field(default_factory=list)
    wrong: int = 0


def write(path: Path, rows: int) -> None:
    """Write people with a name, an offer that one in a hundred lacks, and a code that nobody has."""
    with path.open("w", encoding="utf-8") as file:
        file.write("phone_number,nombre,promo,folio\n")
        for number in range(rows):
            file.write(f"44{20_000_000 + number},Ana {number},{'' if number % 100 == 0 else '10 %'},\n")


def upload(service: Running, file: Path, rows: int) -> int:
    """Return a draft with the file's people."""
    campaign_id = service.draft(values=_values("nombre"))
    with file.open("rb") as content:
        headers = {"Content-Type": "text/csv"}
        service.ask("POST", f"/campaigns/{campaign_id}/upload-csv", data=content, headers=headers)
    service.installed.wait(campaign_id, lambda campaign: campaign.counts["total"] == rows, seconds=600)
    while service.ask("GET", f"/campaigns/{campaign_id}/imports").json()["imports"][0]["status"] == "running":
        time.sleep(0.2)
    return campaign_id


def change(service: Running, campaign_id: int, column: str) -> Judged:
    """Fill the template from another column, and wait until all rows are judged by it."""
    path = f"/campaigns/{campaign_id}"
    service.ask("PUT", path, json={"values": _values(column)}).raise_for_status()
    began = recounted = time.monotonic()
    judged = Judged(0.0)
    with requests.Session() as session:
        session.headers.update(service.headers)
        while session.get(service.url + path, timeout=30).json()["judging"]:
            judged.views += [ask(session, service, path), ask(session, service, f"{path}/report")]
            if time.monotonic() - recounted > RECOUNT_EACH:
                judged.wrong += _wrong(service)
                recounted = time.monotonic()
            time.sleep(0.05)
    judged.seconds = time.monotonic() - began
    judged.wrong += _wrong(service)
    return judged


def _values(column: str) -> dict[str, dict[str, str]]:
    return {"body.1": {"column": column}}


def _wrong(service: Running) -> int:
    with service.installed.database.read() as session:
        return len(recounting.recount(session))


def measure(small: bool) -> Iterator[Figure]:
    rows = SMALL if small else ROWS
    for kind in kinds(small):
        with folder() as path, PLACES[kind]() as place, running(path, place.new()) as service:
            write(path / "people.csv", rows)
            campaign_id = upload(service, path / "people.csv", rows)
            few, all_ = change(service, campaign_id, "promo"), change(service, campaign_id, "folio")
        name = f"judging {rows:,} rows anew on {kind}"
        yield Figure(f"{name}, 1 % differ", few.seconds, "s", FEW_DIFFER)
        yield Figure(f"{name}, all differ", all_.seconds, "s", ALL_DIFFER)
        views = [*few.views, *all_.views]
        yield Figure(
            f"{name}, views p99", p99(views) if views else 0.0, "ms", VIEWS, note=f"{len(views)} asked for"
        )
        yield Figure(f"{name}, wrong figures", few.wrong + all_.wrong, "", Goal(must=0, aim=0))


if __name__ == "__main__":
    raise SystemExit(command(measure))
