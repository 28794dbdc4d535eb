"""Keeps spreadsheets from running a cell as a formula, and takes such a guard off again."""

from __future__ import annotations

import re

_FORMULA = re.compile("'*[=+\\-@\t\r]")
_BEGINS_FORMULA = frozenset("'=+-@\t\r")


def guarded(cell: str) -> str:
    """Put a quote before what a spreadsheet would run as a formula, and before such a quote itself."""
    return "'" + cell if cell and cell[0] in _BEGINS_FORMULA and _FORMULA.match(cell) else cell


def without_guard(cell: str) -> str:
    """Return the cell that `guarded` was given."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell
