"""Removes files that no campaign may send any more, thirty days after they were of use."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from outbound_campaigns.database.models import Media
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.media import using
from outbound_campaigns.media.hosting import folder_of

KEPT = timedelta(days=30)
"""since it was uploaded, and since the last campaign that sent it has ended"""

_AN_HOUR = 3600.0

_log = logging.getLogger(__name__)


def sweep(database: Database, upload_dir: Path) -> int:
    """Remove what is no longer of use, and files without a row. Returns how many files."""
    with database.write() as session:
        before = database.now(session) - KEPT
        old = session.execute(sa.select(Media).where(Media.created_at < before)).scalars().all()
        for media in old:
            if using.first_campaign(session, media, ended_after=before) is None:
                session.delete(media)
    return _remove_without_row(database, folder_of(upload_dir))


def _remove_without_row(database: Database, folder: Path) -> int:
    # Files are listed first: one whose row is committed meanwhile is then found among the rows.
    before = time.time() - _AN_HOUR
    files = {path.name: path for path in folder.glob("*") if _changed_at(path) < before}
    with database.read() as session:
        known = set(session.execute(sa.select(Media.name)).scalars())
    gone = [path for name, path in files.items() if name not in known]
    for path in gone:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            _log.warning("a file that nobody sends any more can't be removed: %s", type(error).__name__)
    return len(gone)


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # gone meanwhile
        return time.time()
