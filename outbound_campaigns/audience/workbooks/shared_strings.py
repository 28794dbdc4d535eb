"""Keeps a workbook's texts in a file: as objects, a few million of them would take hundreds of megabytes."""

from __future__ import annotations

import mmap
import re
from array import array
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from outbound_campaigns.audience.workbooks.parts import local, new_parser, parsed

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_WRITTEN_AT = 1 << 20


class SharedStrings:
    """The texts of an XLSX by their numbers (ECMA-376 part 1, 18.4)."""

    def __init__(self, stream: IO[bytes] | None, folder: Path, tell: Callable[[int], None]) -> None:
        """Read the part with the texts, or none, into a nameless file in `folder`.

        `tell` gets the bytes that were read.
        """
        self._ends = array("Q", [0])
        self._texts: mmap.mmap | bytes = b""
        if stream is not None:
            self._read(stream, folder, tell)

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        return str(self._texts[self._ends[number] : self._ends[number + 1]], "utf-8", "replace")

    def _read(self, stream: IO[bytes], folder: Path, tell: Callable[[int], None]) -> None:
        with TemporaryFile(dir=folder) as file:
            reader = _Reader()
            for done in parsed(reader.parser, stream):
                tell(done)
                if len(reader.texts) >= _WRITTEN_AT:
                    self._keep(reader, file)
            self._keep(reader, file)
            file.flush()
            if self._ends[-1]:
                self._texts = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def _keep(self, reader: _Reader, file: IO[bytes]) -> None:
        file.write(reader.texts)
        before = self._ends[-1]
        self._ends.extend(before + end for end in reader.ends)
        reader.texts.clear()
        reader.ends.clear()


class _Reader:
    def __init__(self) -> None:
        self.texts = bytearray()
        self.ends: list[int] = []
        self.parser = new_parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add
        self._parts: list[str] = []
        self._is_text = self._is_reading_aid = False

    def _begin(self, name: str, _attributes: object) -> None:
        name = local(name)
        if name == "t":
            self._is_text = not self._is_reading_aid
        elif name == "rPh":
            self._is_reading_aid = True

    def _add(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "t":
            self._is_text = False
        elif name == "si":
            self.texts += unescaped("".join(self._parts)).encode("utf-8", "replace")
            self.ends.append(len(self.texts))
            self._parts.clear()
        elif name == "rPh":
            self._is_reading_aid = False


def unescaped(text: str) -> str:
    """Return a text with the characters that XML can't hold, which workbooks write as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
