"""Reads XLSX workbooks: their sheets, and rows as a person sees them (ECMA-376 part 1, 18).

Rows are read as they come, since a sheet of a million rows has hundreds of megabytes of XML.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.audience.workbooks.conventions import BOOLEANS, Conventions
from outbound_campaigns.audience.workbooks.number_formats import Show, built_in, show_with
from outbound_campaigns.audience.workbooks.parts import elements, local, new_parser, parsed
from outbound_campaigns.audience.workbooks.shared_strings import SharedStrings, unescaped
from outbound_campaigns.audience.workbooks.sheet import MOST_ROWS, SheetName, SheetRow, put
from outbound_campaigns.domain.row_refusals import FileCode

_WORKBOOKS = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": None,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": None,
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": FileCode.WORKBOOK_WITH_MACROS,
    "application/vnd.ms-excel.template.macroEnabled.main+xml": FileCode.WORKBOOK_WITH_MACROS,
    "application/vnd.ms-excel.sheet.binary.macroEnabled.main": FileCode.WORKBOOK_OLD,
}
_CONTENT_TYPES = "[Content_Types].xml"
_RELATIONS = "_rels/.rels"


class Xlsx:
    """An open XLSX; `sheets` are its visible ones, and those that are hidden."""

    def __init__(self, archive: ZipFile, folder: Path, conventions: Conventions) -> None:
        """Read what is not rows. Raises BadFile, KeyError for a part that is missing, expat.ExpatError."""
        self._archive = archive
        self._folder = folder
        self._conventions = conventions
        self._book = _book(archive)
        self.sheets: list[SheetName] = []
        self._is_1904 = False
        self._parts: dict[str, str] = {}
        self._texts: SharedStrings | None = None
        self._read_book()

    def rows(self, sheet: str, widest: int, tell: Callable[[float], None]) -> Iterator[SheetRow]:
        """Yield the rows that have cells. `tell` gets the share that was read. Raises BadFile."""
        part, texts = self._parts[sheet], self._part_of_type("/sharedStrings")
        before = self._archive.getinfo(texts).file_size if texts and self._texts is None else 0
        whole = before + self._archive.getinfo(part).file_size or 1
        if self._texts is None:
            self._texts = self._read_texts(texts, lambda done: tell(done / whole))
        reader = _RowReader(self._texts, self._styles(), BOOLEANS[self._conventions.language], widest)
        with self._archive.open(part) as stream:
            for done in parsed(reader.parser, stream):
                yield from reader.ready
                reader.ready.clear()
                tell((before + done) / whole)

    def _read_book(self) -> None:
        targets = self._targets(self._book)
        with self._archive.open(self._book) as stream:
            for name, attributes in elements(stream):
                if name == "workbookPr":
                    self._is_1904 = attributes.get("date1904") in ("1", "true")
                elif name == "sheet":
                    relation = next(value for key, value in attributes.items() if local(key) == "id")
                    target = targets.get(relation, ("", ""))
                    if target[0].endswith("/worksheet"):
                        shown = attributes.get("state", "visible") == "visible"
                        self.sheets.append(SheetName(attributes["name"], shown))
                        self._parts[attributes["name"]] = target[1]

    def _targets(self, part: str) -> dict[str, tuple[str, str]]:
        """Return type and path of what a part names, by its ids."""
        folder, name = posixpath.split(part)
        with self._archive.open(posixpath.join(folder, "_rels", f"{name}.rels")) as stream:
            return {
                attributes["Id"]: (attributes["Type"], _path(folder, attributes["Target"]))
                for element, attributes in elements(stream)
                if element == "Relationship"
            }

    def _part_of_type(self, ending: str) -> str | None:
        found = (path for kind, path in self._targets(self._book).values() if kind.endswith(ending))
        return next((path for path in found if path in self._archive.namelist()), None)

    def _read_texts(self, part: str | None, tell: Callable[[int], None]) -> SharedStrings:
        if part is None:
            return SharedStrings(None, self._folder, tell)
        with self._archive.open(part) as stream:
            return SharedStrings(stream, self._folder, tell)

    def _styles(self) -> Mapping[str | None, Show]:
        """Return by a cell's style how its number is shown."""
        codes: dict[int, str] = {}
        formats: list[int] = []
        container = ""
        part = self._part_of_type("/styles")
        if part is not None:
            with self._archive.open(part) as stream:
                for name, attributes in elements(stream):
                    if name == "numFmt":
                        codes.setdefault(int(attributes["numFmtId"]), attributes.get("formatCode", ""))
                    elif name in ("cellStyleXfs", "cellXfs", "dxfs"):
                        container = name
                    elif name == "xf" and container == "cellXfs":
                        formats.append(int(attributes.get("numFmtId", 0)))
        return self._shows(codes, formats or [0])

    def _shows(self, codes: Mapping[int, str], formats: list[int]) -> Mapping[str | None, Show]:
        by_number = {
            number: show_with(
                codes.get(number) or built_in(number, self._conventions), self._conventions, self._is_1904
            )
            for number in set(formats)
        }
        shows: dict[str | None, Show] = {str(at): by_number[number] for at, number in enumerate(formats)}
        return {None: by_number[formats[0]], **shows}


def is_xlsx(archive: ZipFile) -> bool:
    """Return whether an archive is a workbook of Excel's kinds."""
    return _CONTENT_TYPES in archive.namelist()


def _book(archive: ZipFile) -> str:
    """Return the workbook's part. Raises BadFile for kinds that are not read."""
    with archive.open(_CONTENT_TYPES) as stream:
        types = [attributes for _, attributes in elements(stream)]
    for attributes in types:
        kind = attributes.get("ContentType", "")
        if kind in _WORKBOOKS:
            if code := _WORKBOOKS[kind]:
                raise BadFile(code)
            return attributes["PartName"].lstrip("/") if "PartName" in attributes else _first(archive)
    raise BadFile(FileCode.FILE_IS_WORKBOOK)


def _first(archive: ZipFile) -> str:
    """Return the part that the package begins with, where no content type names it."""
    with archive.open(_RELATIONS) as stream:
        for _, attributes in elements(stream):
            if attributes.get("Type", "").endswith("/officeDocument"):
                return _path("", attributes["Target"])
    raise BadFile(FileCode.WORKBOOK_BROKEN)


def _path(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(f"/{folder}", target)).lstrip("/")


class _RowReader:
    """Turns the elements of a sheet into rows, which wait in `ready` until they are fetched."""

    def __init__(
        self,
        strings: SharedStrings,
        shows: Mapping[str | None, Show],
        booleans: tuple[str, str],
        widest: int,
    ) -> None:
        self.ready: list[SheetRow] = []
        self.parser = new_parser()
        self.parser.StartElementHandler = self._begin_sheet
        self._strings, self._shows, self._booleans, self._widest = strings, shows, booleans, widest
        self._columns: dict[str, int] = {}
        self._row = 0
        self._cells: list[str] = []
        self._place = -1
        self._type: str | None = None
        self._style: str | None = None
        self._text = self._formula = ""
        self._has_formula = self._is_reading_aid = False

    def _begin_sheet(self, name: str, _attributes: object) -> None:
        """Take the prefix of the root's name, so that all others are compared as they are written."""
        prefix = name[: len(name) - len(local(name))]
        self._names = tuple(f"{prefix}{each}" for each in ("row", "c", "v", "t", "f", "rPh"))
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        row, cell, value, text, formula, aid = self._names
        if name == cell:
            self._begin_cell(attributes)
        elif name == value or (name == text and not self._is_reading_aid):
            self.parser.CharacterDataHandler = self._add_text
        elif name == formula:
            self._has_formula = True
            self.parser.CharacterDataHandler = self._add_formula
        elif name == row:
            self._begin_row(attributes)
        elif name == aid:
            self._is_reading_aid = True

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._row + 1))
        if not self._row < number <= MOST_ROWS:
            raise BadFile(FileCode.WORKBOOK_BROKEN)
        self._row, self._cells, self._place = number, [], -1

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._place += 1
        else:
            letters = reference.rstrip("0123456789")
            place = self._columns.get(letters)
            self._place = self._columns.setdefault(letters, column(letters)) if place is None else place
        self._type, self._style = attributes.get("t"), attributes.get("s")
        self._text = self._formula = ""
        self._has_formula = False

    def _add_text(self, text: str) -> None:
        self._text += text

    def _add_formula(self, text: str) -> None:
        self._formula += text

    def _end(self, name: str) -> None:
        row, cell, value, text, formula, aid = self._names
        if name in (value, text, formula):
            self.parser.CharacterDataHandler = None
        elif name == cell:
            if self._text or self._has_formula:
                put(self._cells, self._place, self._shown(), self._widest)
        elif name == row:
            if self._cells:
                self.ready.append(SheetRow(self._row, self._cells))
        elif name == aid:
            self._is_reading_aid = False

    def _shown(self) -> str:
        kind, text = self._type, self._text
        if kind == "s":
            return self._strings[int(text)]
        if kind in ("str", "inlineStr"):
            return unescaped(text)
        if not text:
            # No program has calculated it: that is what the operator has to hear.
            return f"=({self._formula})"
        if kind == "b":
            return self._booleans[text in ("1", "true")]
        if kind == "e":
            return text
        return self._show()(_serial(text) if kind == "d" else text)

    def _show(self) -> Show:
        return self._shows.get(self._style) or self._shows[None]


def column(letters: str) -> int:
    """Return the place of a column, from 0, by its letters. Raises ValueError."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _serial(text: str) -> str:
    """Return an ISO date as the days that workbooks count."""
    moment = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    passed = moment - datetime(1899, 12, 30, tzinfo=UTC)
    return repr(passed.days + passed.seconds / 86_400)
