"""Has a workbook turned into CSV by a child process, and says why it could not be."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, NamedTuple

from outbound_campaigns.audience.reading.columns import MOST_COLUMNS
from outbound_campaigns.audience.reading.refused import BadFile
from outbound_campaigns.audience.workbooks.child import OLE, Task
from outbound_campaigns.domain.export_columns import OF_EXPORTS
from outbound_campaigns.domain.row_refusals import FileCode

LONGEST = 600.0
"""seconds that a workbook may take, on a machine that has others to serve"""

_CHILD = "outbound_campaigns.audience.workbooks.child"
_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", OLE)
_LOOKED_EACH = 0.2
_OF_LIMITS = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ)
_ENVIRONMENT = {"LANG": "C.UTF-8", "PATH": os.defpath}


class Conversion(NamedTuple):
    """Which sheet was read, of which visible ones."""

    sheet: str
    sheets: list[str]


def is_workbook(path: Path) -> bool:
    """Return whether a file begins as workbooks and other archives do. Raises OSError."""
    with path.open("rb") as file:
        return file.read(8).startswith(_BEGINNINGS)


def convert(path: Path, sheet: str | None, country: str, watch: Callable[[float], None]) -> Conversion:
    """Put a sheet, as UTF-8 CSV with commas, in the place of its workbook.

    `country` (ISO 3166) is that of the people who see dates and numbers. `watch` gets the share that is done
    several times a second, and may raise to end it. Raises BadFile, or OSError.
    """
    target = path.with_name(f"{path.stem}.part.csv")
    target.unlink(missing_ok=True)
    task = Task(str(path), str(target), sheet, country, MOST_COLUMNS + len(OF_EXPORTS))
    try:
        told = _run(task, watch)
        if "refused" in told:
            raise BadFile(FileCode(told["refused"]), told["choices"], **told["values"])
        target.replace(path)
    finally:
        target.unlink(missing_ok=True)
    return Conversion(told["sheet"], told["sheets"])


def _run(task: Task, watch: Callable[[float], None]) -> dict[str, Any]:
    """Return what the child said at its end; an end without a word is a refusal, too."""
    command = [sys.executable, "-I", "-m", _CHILD]
    with subprocess.Popen(  # noqa: S603 - our own module
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
    ) as child:
        try:
            told = _follow(child, task, watch)
        except BaseException:
            child.kill()
            raise
    if told is None:
        over = child.returncode in _OF_LIMITS
        raise BadFile(FileCode.WORKBOOK_TOO_LARGE if over else FileCode.WORKBOOK_BROKEN)
    return told


def _follow(
    child: subprocess.Popen[bytes], task: Task, watch: Callable[[float], None]
) -> dict[str, Any] | None:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(asdict(task)).encode())
    child.stdin.close()
    until, share = time.monotonic() + LONGEST, 0.0
    for line in _lines(child.stdout):
        told = json.loads(line) if line else {"share": share}
        if "share" not in told:
            return dict(told)
        share = told["share"]
        watch(share)
        if time.monotonic() > until:
            raise BadFile(FileCode.WORKBOOK_TOO_LARGE)
    return None


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of a pipe as they come, and an empty one whenever none came for a while."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if not selector.select(_LOOKED_EACH):
                yield b""
                continue
            block = os.read(stream.fileno(), 1 << 16)
            if not block:
                return
            *lines, rest = (rest + block).split(b"\n")
            yield from lines
