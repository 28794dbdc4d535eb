"""Spooled files that nobody will import: left by a process that was killed in mid-upload."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import sqlalchemy as sa

from outbound_campaigns.database.models import Import
from outbound_campaigns.database.transactions import Database

_log = logging.getLogger(__name__)


def sweep(database: Database, folder: Path, older_than: float) -> int:
    """Remove files of a folder, untouched for so many seconds, that no running import names; how many."""
    before = time.time() - older_than
    # The files first: one that is queued meanwhile is then found among the running imports.
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
