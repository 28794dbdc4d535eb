"""Measures reading an XLSX as long as a sheet can be, with all its texts different, in the child process.

Excel and most programs keep texts in a table of their own, which the child must not hold in memory.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import psutil

from benchmarks.databases import folder
from benchmarks.figures import Figure, Goal, command
from outbound_campaigns.audience.workbooks.conversion import convert

ROWS, SMALL = 1_048_575, 1_000
SECONDS, MEGABYTES = Goal(must=90, aim=45), Goal(must=250, aim=200)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write(path: Path, rows: int) -> None:
    """Write a workbook of a header and rows: a number and three texts, which are nowhere twice."""
    with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as file:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        override = f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>'
        file.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types">{override}</Types>')
        sheet = '<sheets><sheet name="Hoja1" sheetId="1" r:id="rId1"/></sheets>'
        file.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{sheet}</workbook>'
        )
        parts = (("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"))
        listed = "".join(
            f'<Relationship Id="rId{at}" Type="{_RELATIONS}/{type_}" Target="{target}"/>'
            for at, (type_, target) in enumerate(parts, 1)
        )
        relations = f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'
        file.writestr("xl/_rels/workbook.xml.rels", relations)
        _write_part(file, "xl/sharedStrings.xml", "sst", "", _strings(rows))
        _write_part(file, "xl/worksheets/sheet1.xml", "worksheet", "sheetData", _rows(rows))


def _write_part(file: ZipFile, name: str, root: str, inner: str, lines: Iterator[str]) -> None:
    opened, closed = (f"<{inner}>", f"</{inner}>") if inner else ("", "")
    with file.open(name, "w") as part:
        part.write(f'<{root} xmlns="{_MAIN}">{opened}'.encode())
        for line in lines:
            part.write(line.encode())
        part.write(f"{closed}</{root}>".encode())


def _strings(rows: int) -> Iterator[str]:
    yield "".join(f"<si><t>{name}</t></si>" for name in ("phone_number", "nombre", "promo", "folio"))
    for row in range(rows):
        yield f"<si><t>María {row}</t></si><si><t>Promoción {row}</t></si><si><t>F-{row:08}</t></si>"


def _rows(rows: int) -> Iterator[str]:
    header = "".join(f'<c r="{letter}1" t="s"><v>{at}</v></c>' for at, letter in enumerate("ABCD"))
    yield f'<row r="1">{header}</row>'
    for row in range(rows):
        texts = "".join(
            f'<c r="{letter}{row + 2}" t="s"><v>{4 + 3 * row + at}</v></c>' for at, letter in enumerate("BCD")
        )
        yield f'<row r="{row + 2}"><c r="A{row + 2}"><v>{4420000000 + row}</v></c>{texts}</row>'


class _Peak:
    """The most memory that a child of this process had, in MB, looked at while a block runs."""

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> _Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.05):
            for child in psutil.Process().children():
                try:
                    used = child.memory_info().rss / 1_000_000
                except psutil.NoSuchProcess:
                    continue
                self.megabytes = max(self.megabytes, used)


def measure(small: bool) -> Iterator[Figure]:
    rows = SMALL if small else ROWS
    with folder() as path:
        file = path / "people.csv"
        write(file, rows)
        began = time.monotonic()
        with _Peak() as peak:
            convert(file, None, "MX", lambda _: None)
        seconds = time.monotonic() - began
    name = f"XLSX of {rows:,} rows and 4 columns to CSV"
    yield Figure(name, seconds, "s", SECONDS, note="its rows are then imported like any CSV's")
    yield Figure(f"{name}, the child's memory", peak.megabytes, "MB", MEGABYTES, note="RSS, at its most")


if __name__ == "__main__":
    raise SystemExit(command(measure))
