"""Reads a CSV file as an operator's spreadsheet wrote it: its rows, checked, in chunks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from outbound_campaigns.audience.reading.columns import has_phone_number, read_columns, trimmed
from outbound_campaigns.audience.reading.encodings import decoded, find_encoding
from outbound_campaigns.audience.reading.records import Records, lines
from outbound_campaigns.audience.reading.refused import BadFile, RowRefusal, shown
from outbound_campaigns.audience.reading.rows import FileWishes, Row, RowReader
from outbound_campaigns.domain.row_refusals import FileCode, RowCode

DELIMITERS = (",", ";", "\t", "|")

MOST_CHARACTERS = 1 << 20
"""most characters in a chunk, so that enormous rows don't make an enormous chunk"""

_EXCEL_SEPARATOR = re.compile(r'"?sep=(\t|[^\w\s"])"?[,;\t|]*[\r\n]*', re.IGNORECASE)


@dataclass(slots=True)
class Chunk:
    """Consecutive rows; `done` is how many bytes of the file were read so far."""

    accepted: list[Row] = field(default_factory=list)
    refused: list[RowRefusal] = field(default_factory=list)
    done: int = 0

    def __len__(self) -> int:
        return len(self.accepted) + len(self.refused)


class CsvFile:
    """An open file with a valid header; `columns` are its names, as written."""

    def __init__(self, file: BinaryIO, wanted: FileWishes) -> None:
        """Read the header. Raises BadFile."""
        self._file = file
        self.encoding = find_encoding(file)
        self.delimiter = self._find_delimiter()
        self._records = self._open(self.delimiter)
        self.columns = trimmed(_header(self._records))
        self._reader = RowReader(read_columns(self.columns, wanted.variables, wanted.also), wanted)

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
        outcome = self._reader.read(records.row, cells, text)
        if isinstance(outcome, Row):
            chunk.accepted.append(outcome)
        elif outcome is not None:
            chunk.refused.append(outcome)

    def _ended(self, chunk: Chunk) -> Iterator[Chunk]:
        if len(chunk):
            chunk.done = self._file.tell()
            yield chunk

    def _find_delimiter(self) -> str:
        separator = _EXCEL_SEPARATOR.fullmatch(next(self._lines(), ""))
        if separator:
            return separator[1]
        headers = {delimiter: self._try_header(delimiter) for delimiter in DELIMITERS}
        fitting = [delimiter for delimiter, names in headers.items() if has_phone_number(names)]
        return fitting[0] if fitting else max(DELIMITERS, key=lambda delimiter: len(headers[delimiter]))

    def _try_header(self, delimiter: str) -> list[str]:
        try:
            return trimmed(_header(self._open(delimiter)))
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
        return lines(decoded(self._file, self.encoding))


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
