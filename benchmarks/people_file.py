"""Writes the brief's file (phone_number, var1, var2) in any length, with some rows to be refused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

REFUSED_EACH = 10_000
"""one in so many rows has a number of too few digits"""

_LINES_AT_ONCE = 50_000


def write(path: Path, rows: int) -> int:
    """Write the file. Returns how many of its rows are to be refused."""
    lines = _lines(rows)
    with path.open("w", encoding="utf-8") as file:
        file.write("phone_number,var1,var2\n")
        while some := list(islice(lines, _LINES_AT_ONCE)):
            file.writelines(some)
    return rows // REFUSED_EACH


def _lines(rows: int) -> Iterator[str]:
    for number in range(1, rows + 1):
        if number % REFUSED_EACH == 0:
            yield "44225916,Juan,Promoción Navidad\n"
        else:
            yield f"44{20_000_000 + number},Juan {number},Promoción Navidad\n"
