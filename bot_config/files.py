"""Reads a file whose path somebody else wrote: only regular files, of a limited size."""

import errno
import os
import stat
from pathlib import Path
from typing import Literal

ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}

Reason = Literal["unreadable", "not_regular", "too_large", "not_text"]
FileState = tuple[int, int, int]


class UnusableFile(Exception):
    """Raised for a file that exists but can't be read as text; `why` is the system's message, or empty."""

    def __init__(self, reason: Reason, why: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.why = why


def file_state(path: Path, limit: int) -> FileState | None:
    """Return (mtime in ns, size, inode), which changes when the file does; None when there is no file.

    Raises UnusableFile for anything but a readable regular file of at most `limit` bytes.
    """
    try:
        return _checked(path.stat(), limit)
    except ValueError:  # a NUL or a lone surrogate: no file has such a name
        return None
    except OSError as error:
        if error.errno in ABSENT:
            return None
        raise UnusableFile("unreadable", error.strerror or "") from None


def read_text(path: Path, limit: int) -> tuple[FileState, str] | None:
    """Return the file's state and UTF-8 text, without a byte order mark; None when there is no file.

    Raises UnusableFile as file_state does, and for bytes that are not UTF-8.
    """
    # The file is checked before it is opened: opening a device can have side effects.
    if file_state(path, limit) is None:
        return None
    try:
        state, content = _read(path, limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnusableFile("unreadable", error.strerror or "") from None
    return state, _decoded(content)


def _read(path: Path, limit: int) -> tuple[FileState, bytes]:
    # O_NONBLOCK: a pipe that took the file's place meanwhile must not block us.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        state = _checked(os.fstat(descriptor), limit)
        content = file.read(limit + 1)
    if len(content) > limit:
        raise UnusableFile("too_large")
    return state, content


def _checked(found: os.stat_result, limit: int) -> FileState:
    if not stat.S_ISREG(found.st_mode):
        raise UnusableFile("not_regular")
    if found.st_size > limit:
        raise UnusableFile("too_large")
    return found.st_mtime_ns, found.st_size, found.st_ino


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    # Raised here, so that the error does not carry the bytes along.
    raise UnusableFile("not_text")
