"""Reads one row of a file: either a recipient, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from outbound_campaigns.audience.reading.cells import DAMAGED, FIVE_SPACES, LONGEST_CELL, fault, without_guard
from outbound_campaigns.audience.reading.columns import Columns
from outbound_campaigns.audience.reading.refused import RowRefusal, shown
from outbound_campaigns.domain.phone_numbers import BadNumber, read_number
from outbound_campaigns.domain.row_refusals import RowCode


@dataclass(frozen=True, slots=True)
class FileWishes:
    """What a campaign needs from a file.

    `variables` are columns by name (None: all of them); `also` are other columns that are used.
    """

    variables: Sequence[str] | None = None
    also: Sequence[str] = ()
    country: str = "MX"
    mexico_mobile_prefix: bool = True


class Row(NamedTuple):
    """A row that can be sent to; `cells` are by their headers, in the file's order, without the number."""

    row: int
    phone_number: str
    phone_key: str
    cells: dict[str, str]


class RowReader:
    """Reads the rows of one file by its columns."""

    def __init__(self, columns: Columns, wanted: FileWishes) -> None:
        self._columns = columns
        self._width = len(columns.names)
        self._kept_names = [columns.names[place] for place in columns.kept]
        self._country = wanted.country
        self._mexico_mobile_prefix = wanted.mexico_mobile_prefix

    def read(self, row: int, cells: list[str], text: str) -> Row | RowRefusal | None:
        """Read a record, with `text` as all its cells joined. Returns None when all cells are empty."""
        suspect = self._is_suspect(cells, text)
        if suspect:
            if not text.strip():
                return None
            cells = [without_guard(cell) for cell in cells]
            if uneven := self._uneven(row, cells):
                return uneven
        columns = self._columns
        try:
            number = read_number(cells[columns.phone], self._country, self._mexico_mobile_prefix)
        except BadNumber as refused:
            return self._refused(row, cells, columns.phone, refused.code)
        if suspect and (faulty := self._faulty(row, cells)):
            return faulty
        kept = [cells[place] for place in columns.kept]
        return Row(row, number.e164, number.key, dict(zip(self._kept_names, kept, strict=True)))

    def _is_suspect(self, cells: list[str], text: str) -> bool:
        """Return whether the row needs a closer look, cell by cell, which costs thrice as much; few do."""
        return (
            len(cells) != self._width
            or not text.isprintable()
            or "'" in text
            or FIVE_SPACES in text
            or DAMAGED in text
            or len(text) > LONGEST_CELL
            or not all(map(str.strip, cells))
        )

    def _uneven(self, row: int, cells: list[str]) -> RowRefusal | None:
        if len(cells) < self._width:
            missing = self._columns.names[len(cells)]
            return RowRefusal(row, missing, shown(" | ".join(cells)), RowCode.ROW_TOO_SHORT)
        for extra in cells[self._width :]:
            if extra.strip():
                return RowRefusal(row, None, shown(extra), RowCode.ROW_TOO_LONG)
        return None

    def _faulty(self, row: int, cells: list[str]) -> RowRefusal | None:
        for place in self._columns.checked:
            if code := fault(cells[place]):
                return self._refused(row, cells, place, code)
        for place in self._columns.kept:
            # PostgreSQL takes no NUL in any column.
            if "\0" in cells[place]:
                return self._refused(row, cells, place, RowCode.CONTROL_CHARACTER)
        return None

    def _refused(self, row: int, cells: list[str], place: int, code: RowCode) -> RowRefusal:
        return RowRefusal(row, self._columns.names[place], shown(cells[place]), code)
