"""Splits a text into records, numbered as a spreadsheet does, in memory that does not grow with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from outbound_campaigns.audience.reading.refused import BadFile, shown
from outbound_campaigns.domain.row_refusals import FileCode

LONGEST_RECORD = 131_072
"""most characters of a record; the csv module's limit for one cell"""


def lines(blocks: Iterable[str]) -> Iterator[str]:
    r"""Yield lines ending in \n, \r\n or \r, with their ends, from blocks cut anywhere.

    The middle of a line that is far longer than LONGEST_RECORD is left out, except for a quote where that
    keeps the number of quotes even or odd.
    """
    rest = ""
    for block in blocks:
        split = list(io.StringIO(rest + block, newline=""))
        # The last line waits for the next block even if it ends in \r: a \n may follow.
        rest = split.pop() if split else ""
        yield from split
        if len(rest) > LONGEST_RECORD + 2:
            left_out = rest[LONGEST_RECORD + 1 : -1]
            rest = rest[: LONGEST_RECORD + 1] + '"' * (left_out.count('"') % 2) + rest[-1]
    if rest:
        yield rest


class Records:
    """An iterator over records as lists of cells; a blank line gives an empty list.

    Raises BadFile where a quote is opened and not closed within LONGEST_RECORD characters: which rows such a
    cell swallowed can't be known.
    """

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        self.row = 0
        """the number of the last record; a record with line breaks is one row"""
        self.too_large: str | None = None
        """how a row over LONGEST_RECORD begins; set with the empty record that stands for it"""
        self._delimiter = delimiter
        self._current: list[str] = []
        self._length = 0
        self._reader = csv.reader(self._counted(lines), delimiter=delimiter)

    def __iter__(self) -> Iterator[list[str]]:
        for cells in self._reader:
            self.row += 1
            self._current.clear()
            self._length = 0
            yield cells
            self.too_large = None

    def _counted(self, lines: Iterable[str]) -> Iterator[str]:
        for line in lines:
            self._length += len(line)
            self._current.append(line)
            yield line if self._length <= LONGEST_RECORD else self._left_out(line)
        if self._current:
            raise self._not_closed()

    def _left_out(self, line: str) -> str:
        # If all its quotes are closed, the row ends with its line.
        if len(self._current) > 1 or line.count('"') % 2:
            raise self._not_closed()
        self.too_large = line
        return ""

    def _not_closed(self) -> BadFile:
        *before, opened = next(
            csv.reader([line[:LONGEST_RECORD] for line in self._current], delimiter=self._delimiter)
        )
        return BadFile(
            FileCode.QUOTE_NOT_CLOSED, row=self.row + 1, column=len(before) + 1, value=shown(opened)
        )
