"""Has a workbook that was uploaded turned into CSV before its rows are imported."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from outbound_campaigns.audience.importing.job import Job, Stopped, change_import, write
from outbound_campaigns.audience.reading.rows import FileWishes
from outbound_campaigns.audience.workbooks.conversion import convert

WATCHED_EACH = 1.0
"""seconds between two writes of how far a workbook has come"""


def converted(job: Job, path: Path, wanted: FileWishes) -> FileWishes:
    """Put a workbook's sheet in its place, as CSV. Returns how that is read. Raises BadFile, Stopped."""
    watch = _Watch(job)
    sheet, sheets = convert(path, job.row.sheet, wanted.numbers.country, watch)
    write(job, partial(change_import, job=job, sheet=sheet, sheets=sheets))
    return replace(wanted, encoding="utf-8")


class _Watch:
    """Keeps how far a workbook has come, and lets its import be stopped; others are imported meanwhile."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._next_at = job.timer.elapsed() + WATCHED_EACH

    def __call__(self, share: float) -> None:
        job, now = self._job, self._job.timer.elapsed()
        if job.is_stopping():
            raise Stopped
        job.between()
        if now >= self._next_at:
            self._next_at = now + WATCHED_EACH
            write(job, partial(change_import, job=job, done=int(job.row.size * share / 2)))
