"""The departure marks: of what a worker has claimed, only what has a slot up to its mark may leave.

A worker lets a message leave once the mark that covers its slot is committed. Whoever takes over closes the
mark first: what lies beyond it has not left, will never leave by that worker, and may be sent by another.
Only what lies before it, and has no result, is in doubt.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import DepartureMark
from outbound_campaigns.database.statements import change, change_returning, insert_if_missing


class MarkClosed(Exception):
    """Raised when another worker has taken over from this one, of which nothing may leave any more."""


_TO = sa.bindparam("to", type_=sa.Float(53))
_MOVE = (
    sa.update(DepartureMark)
    .where(DepartureMark.worker == sa.bindparam("mine"), DepartureMark.closed_at.is_(None))
    # What is committed at the same time may be later: a worker never learns that its mark went back.
    .values(until=sa.case((DepartureMark.until < _TO, _TO), else_=DepartureMark.until))
)


class Mark(NamedTuple):
    """How far a worker may send, by the slots; `is_new` if no earlier one is known to be committed."""

    worker: str
    until: float
    is_new: bool


def move(session: Session, mark: Mark) -> bool:
    """Let what this worker has claimed leave up to the mark, once the transaction is committed.

    Returns False if another has taken over from it.
    """
    if change(session, _MOVE, {"mine": mark.worker, "to": mark.until}):
        return True
    values = {"worker": mark.worker, "until": mark.until}
    return mark.is_new and bool(insert_if_missing(session, DepartureMark, values))


def close(session: Session, which: sa.ColumnElement[bool], now: datetime) -> dict[str, float]:
    """Close the marks of these workers. Returns {worker: the last slot that may have left}, once committed.

    Also of those that somebody had closed before, whose rows may not have been moved since.
    """
    closed = sa.func.coalesce(DepartureMark.closed_at, now)
    statement = sa.update(DepartureMark).where(which).values(closed_at=closed)
    rows = change_returning(session, statement.returning(DepartureMark.worker, DepartureMark.until))
    return {row.worker: row.until for row in rows}


def forget(session: Session, workers: Collection[str]) -> None:
    """Delete closed marks, when none of these workers' rows is claimed any more."""
    change(session, sa.delete(DepartureMark).where(DepartureMark.worker.in_(workers)))
