"""Splits a text into records, numbered as a spreadsheet does, in memory that does not grow with it."""

from __future__ import annotations

import csv
import io
import re
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
        self.misquoted: str | None = None
        """the text of a row whose quotes can't be understood; its cells are then a guess"""
        self._delimiter = delimiter
        self._current: list[str] = []
        self._length = 0
        self._blank_after_quote = re.compile(rf'" +(?={re.escape(delimiter)}|[\r\n]*$)')
        self._reader = self._split(self._counted(lines))

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            try:
                for cells in self._reader:
                    self._begin_row()
                    yield cells
                    self.too_large = None
                return
            except csv.Error:
                # The reader goes on with the next line.
                cells = self._guess("".join(self._current))
            self._begin_row()
            yield cells
            self.misquoted = None

    def _begin_row(self) -> None:
        self.row += 1
        self._current.clear()
        self._length = 0

    def _guess(self, text: str) -> list[str]:
        """Return a row's cells where a quote stands in the midst of a text, or before blanks."""
        try:
            return next(self._split([self._blank_after_quote.sub('"', text)]))
        except csv.Error:
            self.misquoted = text
            return next(csv.reader([text], delimiter=self._delimiter))

    def _split(self, lines: Iterable[str]) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, strict=True, skipinitialspace=True)

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


def unwrapped(records: Iterable[list[str]]) -> Iterator[str]:
    """Yield the lines of a file each of whose rows stands in quotes as a whole, as if it were one cell."""
    for cells in records:
        yield "".join(cells) + "\n"
