"""Turns a workbook into CSV in a process of its own: what a huge or hostile file does harms nobody else.

Reads a Task as JSON from its standard input, and writes lines of JSON: {"share": 0.5} as it goes on, and at
the end {"sheet": …, "sheets": […]}, or {"refused": code, "values": {…}, "choices": {…}}.
"""

from __future__ import annotations

import csv
import errno
import json
import os
import resource
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from outbound_campaigns.audience.reading.cells import guarded
from outbound_campaigns.audience.reading.refused import BadFile, listed
from outbound_campaigns.audience.workbooks.conventions import conventions_of
from outbound_campaigns.audience.workbooks.ods import Ods, is_ods
from outbound_campaigns.audience.workbooks.parts import must_be_sane
from outbound_campaigns.audience.workbooks.sheet import SheetName, SheetRow
from outbound_campaigns.audience.workbooks.xlsx import Xlsx, is_xlsx
from outbound_campaigns.domain.row_refusals import FileCode

MEMORY, CPU_SECONDS, DISK = 512 << 20, 240, 4 << 30
"""bytes of address space, seconds of computing, bytes in one written file: a million rows take a fifth"""

_TOLD_EACH = 0.2
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TOO_LARGE = (errno.EFBIG, errno.ENOMEM)
_BROKEN = (
    *(BadZipFile, expat.ExpatError, zlib.error, EOFError, NotImplementedError),
    *(KeyError, IndexError, ValueError, ArithmeticError, RuntimeError, StopIteration),
)


@dataclass(frozen=True, slots=True)
class Task:
    """Which sheet of the workbook at `path` becomes the CSV at `target`, as a country's people see it.

    A row may have `widest` cells at most.
    """

    path: str
    target: str
    sheet: str | None
    country: str
    widest: int


class Workbook(Protocol):
    @property
    def sheets(self) -> list[SheetName]: ...

    def rows(self, sheet: str, widest: int, tell: Callable[[float], None]) -> Iterator[SheetRow]: ...


def main() -> None:
    """Carry out the task that standard input holds, and say how it ended."""
    task = Task(**json.load(sys.stdin))
    _limit_process()
    try:
        _tell(_converted(task))
    except BadFile as refused:
        _tell_refusal(refused)
    except _BROKEN:
        _tell_refusal(BadFile(FileCode.WORKBOOK_BROKEN))
    except BrokenPipeError:
        raise SystemExit(1) from None
    except (MemoryError, OSError) as error:
        over = getattr(error, "errno", errno.ENOMEM) in _TOO_LARGE
        _tell_refusal(BadFile(FileCode.WORKBOOK_TOO_LARGE if over else FileCode.FILE_UNREADABLE))


def _limit_process() -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: DISK,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in limits.items():
        resource.setrlimit(which, (most, most))
    # Messages that leave meanwhile come first.
    os.nice(10)


def _converted(task: Task) -> dict[str, Any]:
    """Write the CSV. Returns what it was made of.

    Raises BadFile, and whatever a damaged file makes its readers raise.
    """
    path = Path(task.path)
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            raise BadFile(_kind_of_old(path))
    with ZipFile(path) as archive:
        must_be_sane(archive)
        workbook = _opened(archive, path.parent, task.country)
        names = [sheet.name for sheet in workbook.sheets if sheet.is_visible]
        sheet = _chosen(workbook, names, task)
        _write(Path(task.target), workbook.rows(sheet, task.widest, _Progress()))
    return {"sheet": sheet, "sheets": names}


def _kind_of_old(path: Path) -> FileCode:
    """Return what a file in Microsoft's older container is: a workbook behind a password, or an XLS."""
    return FileCode.WORKBOOK_LOCKED if _ENCRYPTED in path.read_bytes() else FileCode.WORKBOOK_OLD


def _opened(archive: ZipFile, folder: Path, country: str) -> Workbook:
    if is_xlsx(archive):
        return Xlsx(archive, folder, conventions_of(country))
    if is_ods(archive):
        return Ods(archive)
    raise BadFile(FileCode.FILE_IS_ARCHIVE)


def _chosen(workbook: Workbook, visible: Sequence[str], task: Task) -> str:
    """Return the sheet that was told, else the only visible one with rows. Raises BadFile."""
    if task.sheet is not None:
        everything = [sheet.name for sheet in workbook.sheets]
        if task.sheet not in everything:
            choices = {"sheets": list(visible)}
            raise BadFile(FileCode.SHEET_MISSING, choices, sheet=task.sheet, sheets=listed(visible))
        return task.sheet
    if len(visible) == 1:
        return visible[0]
    filled = [name for name in visible if _has_rows(workbook, name, task.widest)]
    if not filled:
        raise BadFile(FileCode.FILE_EMPTY)
    if len(filled) > 1:
        raise BadFile(FileCode.SEVERAL_SHEETS, {"sheets": filled}, sheets=listed(filled))
    return filled[0]


def _has_rows(workbook: Workbook, sheet: str, widest: int) -> bool:
    return next(workbook.rows(sheet, widest, lambda _: None), None) is not None


def _write(target: Path, rows: Iterable[SheetRow]) -> None:
    """Write rows with as many cells as the first of them; blank lines keep the numbers that people see."""
    with target.open("x", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        written = width = 0
        for row, cells in rows:
            width = width or len(cells)
            file.write("\r\n" * (row - 1 - written))
            writer.writerow([*map(guarded, cells), *[""] * (width - len(cells))])
            written = row


class _Progress:
    def __init__(self) -> None:
        self._next_at = 0.0

    def __call__(self, share: float) -> None:
        now = time.monotonic()
        if now >= self._next_at:
            self._next_at = now + _TOLD_EACH
            _tell({"share": share})


def _tell_refusal(refused: BadFile) -> None:
    _tell({"refused": str(refused.code), "values": refused.values, "choices": refused.choices})


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
