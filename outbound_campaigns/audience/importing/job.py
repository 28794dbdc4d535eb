"""One import under way: who runs it, and how it writes what it has come to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.audience.importing.queue import running_by
from outbound_campaigns.database.models import Import
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import UNAVAILABLE, Database, is_unavailable

RETRIES = (0.1, 0.3, 1.0, 3.0, 10.0, 10.0, 10.0, 10.0)
"""seconds between attempts to store a chunk, or to read the bot's files, while these are unavailable"""


@dataclass(frozen=True, slots=True)
class Timer:
    """A clock that returns the seconds since some start, and a way to wait."""

    elapsed: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class CampaignClosed(Exception):
    """Raised when the campaign takes no more recipients: it was cancelled or deleted."""


class Stopped(Exception):
    """Raised when the process has to end before the file does."""


class Superseded(Exception):
    """Raised when another process has taken this import, or considers it abandoned."""


@dataclass(frozen=True, slots=True)
class Job:
    """An import with what it needs; `between` may do something else between two chunks."""

    database: Database
    row: Import
    bot_id: str
    worker: str
    is_stopping: Callable[[], bool]
    between: Callable[[], None]
    timer: Timer


def write(job: Job, work: Callable[[Session], None]) -> float:
    """Run `work` in a transaction, retrying while the database is away. Returns the seconds it was open."""
    waits = iter(RETRIES)
    while True:
        try:
            with job.database.write() as session:
                begun = job.timer.elapsed()
                work(session)
            return job.timer.elapsed() - begun
        except UNAVAILABLE as error:
            wait = next(waits, None)
            if wait is None or not is_unavailable(error):
                raise
        job.timer.sleep(wait)


def change_import(session: Session, job: Job, **values: Any) -> None:
    """Change columns of the import, unless another process has taken it."""
    statement = sa.update(Import).where(Import.id == job.row.id, running_by(job.worker)).values(**values)
    change(session, statement)
