"""Checks that a cell can become a template variable, by WhatsApp's rules, which Vonage does not check."""

from __future__ import annotations

import re

from outbound_campaigns.domain.row_refusals import RowCode

LONGEST_CELL = 1024
"""characters; the most that a template's body may have once its variables are filled in"""

FIVE_SPACES = " " * 5
DAMAGED = "\ufffd"

NULL_WORDS = frozenset(
    r"NULL null (null) <null> [null] \N None nil undefined nan NaN NaT <NA> N/A n/a N/D n/d".split()
)
"""what databases and programs write where they have nothing; Null and Nan are names of people"""

# What spreadsheets show where a formula failed: Excel's in English, Spanish and Portuguese, LibreOffice's,
# and the marks of a column that is too narrow.
_SPREADSHEET_ERROR = re.compile(
    r"#(?:N/A|N/D|[¡¿]?(?:NULL|NULO|DIV/0|VALUE|VALOR|REF|NAME|NOMBRE|NOME|NUM|NÚM"
    r"|SPILL|DESBORDAMIENTO|DESPEJAR|CALC|CÁLC|FIELD|CAMPO|BLOCKED|BLOQUEADO|CONNECT|CONECTAR|UNKNOWN"
    r"|DESCONOCIDO|ERROR)[!?]"
    r"|GETTING_DATA|OBTENIENDO_DATOS|#{2,})|Err:[0-9]{3}"
)
_UNCALCULATED = re.compile(r"=\s*(?:[A-ZÁÉÍÓÚÑ.][\w.]*)?\(.*\)", re.IGNORECASE | re.DOTALL)

_LINE_BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")
_FORMULA = re.compile("'*[=+\\-@\t\r]")
_BEGINS_FORMULA = frozenset("'=+-@\t\r")


def guarded(cell: str) -> str:
    """Put a quote before what a spreadsheet would run as a formula, and before such a quote itself."""
    return "'" + cell if cell and cell[0] in _BEGINS_FORMULA and _FORMULA.match(cell) else cell


def without_guard(cell: str) -> str:
    """Return the cell that `guarded` was given."""
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell) else cell


def fault(cell: str) -> RowCode | None:
    """Return why a cell can't be a variable; None if it can."""
    if not cell or cell.isspace():
        return RowCode.VARIABLE_EMPTY
    if cell in NULL_WORDS:
        return RowCode.VARIABLE_NULL
    if len(cell) > LONGEST_CELL:
        return RowCode.VARIABLE_TOO_LONG
    if FIVE_SPACES in cell:
        return RowCode.VARIABLE_SPACES
    if DAMAGED in cell:
        return RowCode.UNREADABLE_CHARACTER
    if _SPREADSHEET_ERROR.fullmatch(cell) or _UNCALCULATED.fullmatch(cell):
        return RowCode.VARIABLE_FORMULA
    return None if cell.isprintable() else _invisible(cell)


def _invisible(cell: str) -> RowCode | None:
    if "\t" in cell:
        return RowCode.VARIABLE_TAB
    if _LINE_BREAK.search(cell):
        return RowCode.VARIABLE_LINE_BREAK
    return RowCode.CONTROL_CHARACTER if _CONTROL.search(cell) else None
