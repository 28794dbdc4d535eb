"""Writes rows of the database, page by page, as a CSV file that Excel opens correctly."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from outbound_campaigns.database.transactions import Database

PAGE = 500
"""rows read in one transaction, and returned in one chunk"""

Cells = Sequence[str]
Query = sa.Select[*tuple[Any, ...]]


def csv_chunks(
    database: Database,
    header: Cells,
    query: Query,
    key: InstrumentedAttribute[int],
    cells: Callable[[Any], Cells],
) -> Iterator[bytes]:
    """Yield the file's chunks; `key` is the query's first column, ascending and unique."""
    # Without this mark, Excel reads UTF-8 in the system's own encoding.
    yield "\ufeff".encode() + csv_bytes([header])
    for rows in _pages(database, query, key):
        yield csv_bytes(map(cells, rows))


def csv_bytes(rows: Iterable[Cells]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _pages(
    database: Database, query: Query, key: InstrumentedAttribute[int]
) -> Iterator[Sequence[sa.Row[Any]]]:
    page = query.order_by(key).limit(PAGE)
    while True:
        with database.read() as session:
            rows = session.execute(page).all()
        if rows:
            yield rows
        if len(rows) < PAGE:
            return
        page = query.where(key > rows[-1][0]).order_by(key).limit(PAGE)
