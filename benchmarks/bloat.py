"""Measures what a campaign leaves on PostgreSQL's disk: `python -m benchmarks.bloat [recipients]`.

For docs/scale.md. Each recipient is claimed, sent to, and gets two receipts (delivered, read), as in
practice. "Live" is what a copy without dead rows would take (VACUUM FULL); the rest is bloat.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

from sqlalchemy import Connection

from benchmarks.databases import folder, postgresql
from benchmarks.recipients import add_campaign, start
from tests.support.running import Running, running_within_reach

TABLES = ("outbound_recipients", "outbound_attempts", "outbound_receipts", "outbound_campaigns")
SETTLES = 90.0
"""seconds to wait for autovacuum, which looks each minute"""


def sizes(service: Running) -> Mapping[str, tuple[int, int]]:
    """Return (bytes of rows, bytes of indexes) of each table."""
    with service.installed.database.engine.connect() as connection:
        return {table: _size(connection, table) for table in TABLES}


def _size(connection: Connection, table: str) -> tuple[int, int]:
    row = connection.exec_driver_sql(
        "SELECT pg_table_size(%s::regclass), pg_indexes_size(%s::regclass)", (table, table)
    ).one()
    return row[0], row[1]


def compact(service: Running) -> None:
    """Remove all dead rows (VACUUM FULL)."""
    with service.installed.database.engine.connect() as connection:
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        free.exec_driver_sql("SET statement_timeout = 0")
        for table in TABLES:
            free.exec_driver_sql(f"VACUUM FULL {table}")


def main(recipients: int) -> None:
    receipts = {"on": True, "read_share": 1.0, "delay_max": 0.2}
    with (
        postgresql() as place,
        folder() as path,
        running_within_reach(path, place.new(), receipts) as service,
    ):
        database = service.installed.database
        campaign_id = add_campaign(database, recipients, batch_size=10_000)
        before = sizes(service)
        start(database, campaign_id)
        service.installed.wait(campaign_id, lambda one: one.read_count == recipients, 7200)
        time.sleep(SETTLES)
        after = sizes(service)
        compact(service)
        live = sizes(service)
    print("| table | imported: rows + indexes | after the end | live | bloat |")
    print("|---|---|---|---|---|")
    for table in TABLES:
        shown = [
            f"{rows / recipients:,.0f} + {indexes / recipients:,.0f}"
            for rows, indexes in (before[table], after[table], live[table])
        ]
        print(f"| `{table}` | {' | '.join(shown)} | {sum(after[table]) / sum(live[table]):.2f} x |")
    print(f"\nBytes for each of {recipients:,} recipients.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
