"""Spools rows that a program gives as objects, as the file that they would be."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from outbound_campaigns.audience.importing.spool import Spooled, spool
from outbound_campaigns.audience.reading.cells import guarded

Cell = str | int | float | bool | None


def spool_rows(rows: Sequence[Mapping[str, Cell]], folder: Path) -> Spooled:
    """Write rows with all their columns, in the order in which these first appear; a missing cell is empty.

    Raises FileNotStored when the disk is full.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(map(guarded, names))
    writer.writerows([guarded(_text(row.get(name))) for name in names] for row in rows)
    content = text.getvalue().encode(errors="replace")
    return spool(io.BytesIO(content), folder, len(content))


def _text(cell: Cell) -> str:
    """Return a cell as a spreadsheet shows it: a number without an exponent, nothing for nothing."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
