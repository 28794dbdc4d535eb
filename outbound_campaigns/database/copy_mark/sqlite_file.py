"""What tells an SQLite file from a copy of it: its inode, and a number in a small file beside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_DIGITS = 20


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """A database's file, and the file beside it, called `<file>-mark`."""

    path: Path

    @property
    def beside(self) -> Path:
        return Path(f"{self.path}-mark")

    def inode(self) -> int:
        return self.path.stat().st_ino

    def generation(self) -> int | None:
        """Return the number in the file beside; None where it is missing or can't be read."""
        try:
            return int(self.beside.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def keep(self, generation: int) -> None:
        """Write the number to the file beside, after the row with the same number is committed.

        It is written in place, and always with as many digits, so that a machine that dies leaves the old
        number or the new one.
        """
        new = not self.beside.exists()
        descriptor = os.open(self.beside, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.pwrite(descriptor, str(generation).zfill(_DIGITS).encode("ascii"), 0)
            if new:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if new:
            _keep_name(self.beside.parent)


def _keep_name(folder: Path) -> None:
    """Sync the folder, so that the new file's name survives if the machine dies."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
