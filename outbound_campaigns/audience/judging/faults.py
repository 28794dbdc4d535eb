"""Finds what keeps a cell from becoming a text, by WhatsApp's rules, which Vonage does not check."""

from __future__ import annotations

import re

from outbound_campaigns.domain.flaws import FlawCode

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

_BEGINNINGS = frozenset("#E=")
"""of both of these: asked first, since it costs much less"""

_LINE_BREAK = re.compile("[\n\r\v\f\x85\u2028\u2029]")
_CONTROL = re.compile("[\0-\x1f\x7f-\x9f]")


def fault(cell: str) -> FlawCode | None:
    """Return what is wrong with a cell wherever it is used; None for an empty one, and for a long one."""
    if cell in NULL_WORDS:
        return FlawCode.NULL
    if FIVE_SPACES in cell:
        return FlawCode.SPACES
    if DAMAGED in cell:
        return FlawCode.UNREADABLE
    if cell[:1] in _BEGINNINGS and (_SPREADSHEET_ERROR.fullmatch(cell) or _UNCALCULATED.fullmatch(cell)):
        return FlawCode.FORMULA
    return None if cell.isprintable() else _invisible(cell)


def _invisible(cell: str) -> FlawCode | None:
    if "\t" in cell:
        return FlawCode.TAB
    if _LINE_BREAK.search(cell):
        return FlawCode.LINE_BREAK
    return FlawCode.CONTROL if _CONTROL.search(cell) else None
