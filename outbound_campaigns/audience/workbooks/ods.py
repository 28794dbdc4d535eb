"""Reads ODS workbooks: their sheets, and the text that each cell shows (ODF 1.3 part 3, 9.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from zipfile import ZipFile

from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.audience.workbooks.parts import Attributes, elements, local, new_parser, parsed
from outbound_campaigns.audience.workbooks.sheet import MOST_ROWS, SheetName, SheetRow, put
from outbound_campaigns.domain.row_refusals import FileCode

_CONTENT, _MANIFEST, _TYPE = "content.xml", "META-INF/manifest.xml", "mimetype"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_EXPONENT = re.compile(r"[-+]?\d+(?:[.,]\d+)?E[-+]?\d+")
_ASIDE = ("annotation", "shapes", "frame", "custom-shape")
"""elements in or beside a cell whose text is not the cell's"""

_MOST_SPACES = 1000


class Ods:
    """An open ODS; `sheets` are its visible ones, and those that are hidden."""

    def __init__(self, archive: ZipFile) -> None:
        """Read the sheets' names. Raises BadFile, KeyError for a part that is missing, expat.ExpatError."""
        self._archive = archive
        with archive.open(_MANIFEST) as stream:
            if any(name == "encryption-data" for name, _ in elements(stream)):
                raise BadFile(FileCode.WORKBOOK_LOCKED)
        self.sheets = self._names()

    def rows(self, sheet: str, widest: int, tell: Callable[[float], None]) -> Iterator[SheetRow]:
        """Yield the rows that have cells. `tell` gets the share that was read. Raises BadFile."""
        reader = _Reader(sheet, widest)
        size = self._archive.getinfo(_CONTENT).file_size or 1
        with self._archive.open(_CONTENT) as stream:
            for done in parsed(reader.parser, stream):
                yield from reader.ready
                reader.ready.clear()
                tell(done / size)

    def _names(self) -> list[SheetName]:
        hidden: set[str] = set()
        tables: list[tuple[str, str]] = []
        style = ""
        with self._archive.open(_CONTENT) as stream:
            for name, attributes in elements(stream):
                given = {local(key): value for key, value in attributes.items()}
                if name == "style":
                    style = given.get("name", "")
                elif name == "table-properties" and given.get("display") == "false":
                    hidden.add(style)
                elif name == "table" and "name" in given:
                    tables.append((given["name"], given.get("style-name", "")))
        return [SheetName(name, style not in hidden) for name, style in tables]


def is_ods(archive: ZipFile) -> bool:
    """Return whether an archive says that it is a spreadsheet of LibreOffice's kind."""
    if _TYPE not in archive.namelist():
        return False
    with archive.open(_TYPE) as stream:
        return stream.read(len(_SPREADSHEET) + 1).strip() == _SPREADSHEET


class _Reader:
    """Turns the elements of one table into rows, which wait in `ready` until they are fetched."""

    def __init__(self, sheet: str, widest: int) -> None:
        self.ready: list[SheetRow] = []
        self.parser = new_parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add
        self._sheet, self._widest = sheet, widest
        self._is_here = self._is_text = False
        self._aside = 0
        self._row = self._place = self._repeated = 0
        self._rows = 1
        self._cells: list[str] = []
        self._paragraphs: list[str] = []
        self._value: str | None = None

    def _begin(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "table":
            self._is_here = _given(attributes, "name") == self._sheet
        elif not self._is_here:
            return
        elif name in _ASIDE:
            self._aside += 1
        elif self._aside:
            return
        elif name == "table-row":
            self._begin_row(attributes)
        elif name in ("table-cell", "covered-table-cell"):
            self._begin_cell(attributes)
        elif name == "p":
            self._paragraphs.append("")
            self._is_text = True
        elif self._is_text:
            self._add(_blank(name, attributes))

    def _begin_row(self, attributes: Attributes) -> None:
        self._row += self._rows
        self._rows = int(_given(attributes, "number-rows-repeated") or 1)
        self._cells, self._place = [], 0

    def _begin_cell(self, attributes: Attributes) -> None:
        self._repeated = int(_given(attributes, "number-columns-repeated") or 1)
        self._paragraphs = []
        is_number = _given(attributes, "value-type") == "float"
        self._value = _given(attributes, "value") if is_number else None

    def _add(self, text: str) -> None:
        if self._is_text:
            self._paragraphs[-1] += text

    def _end(self, name: str) -> None:
        name = local(name)
        if not self._is_here:
            return
        if name in _ASIDE:
            self._aside -= 1
        elif self._aside:
            return
        elif name == "p":
            self._is_text = False
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._is_here = False

    def _end_cell(self) -> None:
        text = "\n".join(self._paragraphs)
        if self._value is not None and _EXPONENT.fullmatch(text):
            text = _digits(self._value, text)
        if text:
            for place in range(self._place, self._place + min(self._repeated, self._widest + 1)):
                put(self._cells, place, text, self._widest)
        self._place += self._repeated

    def _end_row(self) -> None:
        if not self._cells:
            return
        if self._row + self._rows - 1 > MOST_ROWS:
            raise BadFile(FileCode.WORKBOOK_BROKEN)
        self.ready.extend(SheetRow(self._row + more, self._cells) for more in range(self._rows))


def _given(attributes: Attributes, wanted: str) -> str | None:
    return next((value for key, value in attributes.items() if local(key) == wanted), None)


def _blank(name: str, attributes: Attributes) -> str:
    if name == "s":
        return " " * min(int(_given(attributes, "c") or 1), _MOST_SPACES)
    return {"tab": "\t", "line-break": "\n"}.get(name, "")


def _digits(value: str, shown: str) -> str:
    """Return a whole number with all its digits, where the cell shows an exponent."""
    number = float(value)
    return f"{number:.0f}" if number.is_integer() else shown
