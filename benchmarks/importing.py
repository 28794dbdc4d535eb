"""Measures importing a million checked rows of the brief's file, against the database's own bulk load.

The file is uploaded to the running service; the time is from when it is queued until the engine has
completed it, both by the database's clock. The bulk load puts the same rows, prepared beforehand, into the
same table: executemany on SQLite, COPY on PostgreSQL, in one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from benchmarks import people_file
from benchmarks.databases import PLACES, folder, kinds
from benchmarks.figures import Figure, Goal, against, command
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import NewCampaign
from outbound_campaigns.database.migrations.upgrade import upgrade
from outbound_campaigns.database.models import Import
from outbound_campaigns.database.transactions import Database, open_database
from tests.support.running import Running, running

GOAL = Goal(must=40, aim=20)
ROWS, RUNS = 1_000_000, 2
SMALL = 1_000
_COLUMNS = (
    "campaign_id, phone_number, phone_key, variables, status, attempts, last_attempt,"
    " next_attempt_at, updated_at"
)


def ours(service: Running, campaign_id: int, file: Path, rows: int, refused: int) -> float:
    """Import the file through the service. Returns the seconds it took."""
    with file.open("rb") as content:
        headers = {"Content-Type": "text/csv"}
        answer = service.ask("POST", f"/campaigns/{campaign_id}/upload-csv", data=content, headers=headers)
    import_id = answer.json()["id"]
    end = time.monotonic() + 600
    while time.monotonic() < end:
        with service.installed.database.read() as session:
            found = session.get_one(Import, import_id)
        if found.status != "running":
            break
        time.sleep(0.2)
    if (found.status, found.imported, found.invalid) != ("completed", rows - refused, refused):
        raise RuntimeError(f"{found.status}: {found.imported} imported, {found.invalid} refused")
    assert found.finished_at is not None
    return (found.finished_at - found.created_at).total_seconds()


def bulk_load(url: str, rows: int) -> float:
    """Load as many prepared rows. Returns the seconds it took."""
    database = open_database(url)
    upgrade(database)
    with database.write() as session:
        now = database.now(session)
        campaign_id = campaign_rows.create(session, NewCampaign("bot", "load", "promo"), now).id
    at = now.replace(tzinfo=None).isoformat(" ", "microseconds")
    variables = '{"var1": "Juan", "var2": "Promoción Navidad"}'
    ready = [
        (campaign_id, f"+52144{20_000_000 + n}", f"5244{20_000_000 + n}", variables, "pending", 0, 0, at, at)
        for n in range(rows)
    ]
    began = time.monotonic()
    _load(database, ready)
    took = time.monotonic() - began
    database.dispose()
    return took


def _load(database: Database, ready: Sequence[tuple[object, ...]]) -> None:
    if database.is_sqlite:
        marks = ", ".join("?" * len(ready[0]))
        insert = f"INSERT INTO outbound_recipients ({_COLUMNS}) VALUES ({marks})"
        with database.write() as session:
            session.connection().exec_driver_sql(insert, ready)
        return
    with database.engine.connect() as connection, connection.begin():
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        driver = connection.connection.driver_connection
        assert driver is not None
        with (
            driver.cursor() as cursor,
            cursor.copy(f"COPY outbound_recipients ({_COLUMNS}) FROM STDIN") as copy,
        ):
            for row in ready:
                copy.write_row(row)


def measure(small: bool) -> Iterator[Figure]:
    rows, runs = (SMALL, 1) if small else (ROWS, RUNS)
    with folder() as path:
        refused = people_file.write(path / "people.csv", rows)
        for kind in kinds(small):
            pairs = []
            with PLACES[kind]() as place:
                for run in range(runs):
                    with running(path / f"{kind}{run}", place.new()) as service:
                        seconds = ours(service, service.draft(), path / "people.csv", rows, refused)
                    pairs.append((seconds, bulk_load(place.new(), rows)))
            yield against(f"import of {rows:,} rows on {kind}", "s", GOAL, pairs)


if __name__ == "__main__":
    raise SystemExit(command(measure))
