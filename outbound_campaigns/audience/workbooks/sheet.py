"""What the readers of workbooks have in common: sheets, rows and their limits."""

from __future__ import annotations

from typing import NamedTuple

from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.domain.row_refusals import FileCode

MOST_ROWS = 1_048_576
"""of a sheet, in Excel and LibreOffice"""


class SheetName(NamedTuple):
    name: str
    is_visible: bool


class SheetRow(NamedTuple):
    """A row by the number that a person sees beside it."""

    row: int
    cells: list[str]


def put(cells: list[str], place: int, text: str, widest: int) -> None:
    """Put a cell into its place, after empty ones. Raises BadFile beyond the widest row."""
    if not text:
        return
    if place >= widest:
        raise BadFile(FileCode.TOO_MANY_COLUMNS, count=place + 1, most=widest)
    if place < len(cells):
        raise BadFile(FileCode.WORKBOOK_BROKEN)
    cells += [""] * (place - len(cells))
    cells.append(text)
