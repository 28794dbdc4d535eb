"""What a cell may hold to become a template variable (WhatsApp's rules; Vonage does not check them)."""

from __future__ import annotations

import re

from outbound_campaigns.domain.row_refusals import RowCode

LONGEST_CELL = 1024
"""characters of a template's body once its variables are filled in"""

FIVE_SPACES = " " * 5
DAMAGED = "\ufffd"

_LINE_BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")
_FORMULA = re.compile("'*[=+\\-@\t\r]")
_BEGINS_FORMULA = frozenset("'=+-@\t\r")


def guarded(cell: str) -> str:
    """With a quote before what a spreadsheet would run as a formula, and before such quotes themselves."""
    return "'" + cell if cell and cell[0] in _BEGINS_FORMULA and _FORMULA.match(cell) else cell


def without_guard(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def fault(cell: str) -> RowCode | None:
    """Why this cell can't be a variable, if so."""
    if not cell or cell.isspace():
        return RowCode.VARIABLE_EMPTY
    if len(cell) > LONGEST_CELL:
        return RowCode.VARIABLE_TOO_LONG
    if FIVE_SPACES in cell:
        return RowCode.VARIABLE_SPACES
    if DAMAGED in cell:
        return RowCode.UNREADABLE_CHARACTER
    return None if cell.isprintable() else _invisible(cell)


def _invisible(cell: str) -> RowCode | None:
    if "\t" in cell:
        return RowCode.VARIABLE_TAB
    if _LINE_BREAK.search(cell):
        return RowCode.VARIABLE_LINE_BREAK
    return RowCode.CONTROL_CHARACTER if _CONTROL.search(cell) else None
