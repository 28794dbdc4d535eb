"""Writes uploads to disk until they are imported, and removes those that nobody needs any more."""

from __future__ import annotations

import errno
import logging
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

import sqlalchemy as sa

from outbound_campaigns.database.models import Import
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.request import FileNotStored, FileTooLarge

_log = logging.getLogger(__name__)

_BLOCK = 1 << 18
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Spooled(NamedTuple):
    path: Path
    size: int
    """bytes"""


def spool(stream: Stream, folder: Path, most_bytes: int) -> Spooled:
    """Copy an upload into a new file that survives a crash; on any error nothing of it remains.

    Raises FileTooLarge, or FileNotStored when the disk is full.
    """
    try:
        return _spool(stream, folder, most_bytes)
    except OSError as error:
        _log.error("an upload could not be stored: %s", errno.errorcode.get(error.errno or 0, "unknown"))
        raise FileNotStored from None


def _spool(stream: Stream, folder: Path, most_bytes: int) -> Spooled:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(16)}.csv"
    descriptor = os.open(path, _NEW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            size = _copy(stream, file, most_bytes)
            file.flush()
            os.fsync(descriptor)
        _sync_folder(folder)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Spooled(path, size)


@contextmanager
def discarded_on_error(spooled: Spooled) -> Iterator[None]:
    """Remove the file if the block that should queue it raises."""
    try:
        yield
    except BaseException:
        spooled.path.unlink(missing_ok=True)
        raise


def _copy(stream: Stream, file: BinaryIO, most_bytes: int) -> int:
    size = 0
    while block := stream.read(_BLOCK):
        size += len(block)
        if size > most_bytes:
            raise FileTooLarge(most=most_bytes // 1_000_000)
        file.write(block)
    return size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(database: Database, folder: Path, older_than: float) -> int:
    """Remove files that no running import names, untouched for `older_than` seconds. Returns how many."""
    before = time.time() - older_than
    # Files are listed first: one that is queued meanwhile is then found among the running imports.
    old = [path for path in folder.glob("*.csv") if _changed_at(path) < before]
    if not old:
        return 0
    with database.read() as session:
        paths = session.execute(sa.select(Import.path).where(Import.status == "running")).scalars()
        wanted = {Path(path).name for path in paths}
    return sum(_remove(path) for path in old if path.name not in wanted)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone meanwhile
        return time.time()


def _remove(path: Path) -> bool:
    try:
        path.unlink()
    except OSError as error:
        _log.warning("a file of an upload that broke off can't be removed: %s", type(error).__name__)
        return False
    return True
