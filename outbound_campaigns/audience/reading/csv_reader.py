"""Reads a CSV file as an operator's spreadsheet wrote it: its rows, checked, in chunks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from outbound_campaigns.audience.reading.columns import column_names, must_be_clear, read_columns
from outbound_campaigns.audience.reading.encodings import decoded, find_encoding
from outbound_campaigns.audience.reading.phone_column import find_phone_column, names_phone
from outbound_campaigns.audience.reading.records import Records, lines, unwrapped
from outbound_campaigns.audience.reading.refused import BadFile, RowRefusal, shown
from outbound_campaigns.audience.reading.rows import FileWishes, Row, RowReader
from outbound_campaigns.domain.row_refusals import FileCode, RowCode

DELIMITERS = (",", ";", "\t", "|")

FIRST_ROWS = 50
"""rows that are looked at to find the numbers' column where no header names it"""

MOST_CHARACTERS = 1 << 20
"""most characters in a chunk, so that enormous rows don't make an enormous chunk"""

_EXCEL_SEPARATOR = re.compile(r'"?sep=(\t|[^\w\s"])"?[,;\t|]*[\r\n]*', re.IGNORECASE)


@dataclass(slots=True)
class Chunk:
    """Consecutive rows; `done` is how many bytes of the file were read so far, `restored` of how many rows
    cells were changed so far.
    """

    accepted: list[Row] = field(default_factory=list)
    refused: list[RowRefusal] = field(default_factory=list)
    done: int = 0
    restored: int = 0

    def __len__(self) -> int:
        return len(self.accepted) + len(self.refused)


class CsvFile:
    """An open file with a valid header; `columns` are its names, as written.

    `examples` and `accented` are what RowReader found worth showing of the rows read so far.
    """

    def __init__(self, file: BinaryIO, wanted: FileWishes) -> None:
        """Read the header. Raises BadFile."""
        self._file = file
        self._wanted = wanted
        self.encoding = find_encoding(file, wanted.encoding)
        self._is_wrapped = False
        self.delimiter = self._find_delimiter()
        self.columns = column_names(_header(self._open(self.delimiter)))
        phone = find_phone_column(self.columns, wanted.phone_column, self._first_rows, wanted.numbers)
        self.phone_column = self.columns[phone]
        columns = read_columns(self.columns, phone)
        self.kept_names = columns.kept_names
        judge = wanted.judge_of(self.kept_names)
        must_be_clear(columns, judge.columns)
        self._reader = RowReader(columns, wanted.numbers, judge)
        self._records = self._open(self.delimiter)
        _header(self._records)
        self.examples, self.accented = self._reader.examples, self._reader.accented

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Yield the rows, once, in chunks of 1 to `size`; wholly empty rows are left out.

        Raises BadFile when the rest of the file can't be split into rows.
        """
        chunk, characters = Chunk(), 0
        for cells in self._records:
            text = "".join(cells)
            self._add(chunk, cells, text)
            characters += len(text)
            if len(chunk) >= size or characters > MOST_CHARACTERS:
                yield from self._ended(chunk)
                chunk, characters = Chunk(), 0
        yield from self._ended(chunk)

    def _add(self, chunk: Chunk, cells: list[str], text: str) -> None:
        records = self._records
        if records.too_large is not None:
            chunk.refused.append(
                RowRefusal(records.row, None, shown(records.too_large), RowCode.ROW_TOO_LARGE)
            )
            return
        if records.misquoted is not None:
            chunk.refused.append(
                RowRefusal(records.row, None, shown(records.misquoted.strip()), RowCode.ROW_MISQUOTED)
            )
            return
        outcome = self._reader.read(records.row, cells, text)
        if isinstance(outcome, Row):
            chunk.accepted.append(outcome)
        elif outcome is not None:
            chunk.refused.append(outcome)

    def _ended(self, chunk: Chunk) -> Iterator[Chunk]:
        if len(chunk):
            chunk.done, chunk.restored = self._file.tell(), self._reader.restored
            yield chunk

    def _find_delimiter(self) -> str:
        separator = _EXCEL_SEPARATOR.fullmatch(next(self._lines(), ""))
        if separator:
            return separator[1]
        headers = self._headers()
        fitting = [delimiter for delimiter, names in headers.items() if self._names_phone(names)]
        if fitting:
            return max(fitting, key=lambda delimiter: len(headers[delimiter]))
        if self._has_wrapped_rows():
            return self._find_delimiter()
        return max(DELIMITERS, key=lambda delimiter: len(headers[delimiter]))

    def _names_phone(self, names: Sequence[str]) -> bool:
        return names_phone(names, self._wanted.phone_column)

    def _first_rows(self) -> Iterator[list[str]]:
        records = self._open(self.delimiter)
        _header(records)
        return islice(iter(records), FIRST_ROWS)

    def _headers(self) -> dict[str, list[str]]:
        return {delimiter: self._try_header(delimiter) for delimiter in DELIMITERS}

    def _has_wrapped_rows(self) -> bool:
        """Look whether the number's column is found once the quotes around whole rows are off."""
        if self._is_wrapped:
            return False
        self._is_wrapped = True
        self._is_wrapped = any(map(self._names_phone, self._headers().values()))
        return self._is_wrapped

    def _try_header(self, delimiter: str) -> list[str]:
        try:
            return column_names(_header(self._open(delimiter)))
        except BadFile:
            return []

    def _open(self, delimiter: str) -> Records:
        following = self._lines()
        first = next(following, "")
        # Spreadsheets don't show the line that names the delimiter, so it does not count as a row.
        if first and not _EXCEL_SEPARATOR.fullmatch(first):
            return Records(chain((first,), following), delimiter)
        return Records(following, delimiter)

    def _lines(self) -> Iterator[str]:
        self._file.seek(0)
        found = lines(decoded(self._file, self.encoding))
        # No text has this delimiter, so that a row is a single cell.
        return unwrapped(Records(found, "\x1f")) if self._is_wrapped else found


def open_csv(path: Path, wanted: FileWishes) -> CsvFile:
    """Open a file and read its header; the whole file is read once for its encoding.

    Raises BadFile, or OSError when the file can't be read.
    """
    file = path.open("rb")
    try:
        return CsvFile(file, wanted)
    except BaseException:
        file.close()
        raise


def _header(records: Records) -> list[str]:
    for cells in records:
        if records.too_large is not None:
            raise BadFile(FileCode.HEADER_TOO_LARGE, value=shown(records.too_large))
        if any(map(str.strip, cells)):
            return cells
    raise BadFile(FileCode.FILE_EMPTY)
