"""Heartbeats: a process counts as alive as long as it renews a row's expiry in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from outbound_campaigns.database.base import Instant

HEARTBEAT = 1.0
"""seconds between two heartbeats"""

EXPIRES = 5.0
"""seconds after the last heartbeat at which a process counts as dead"""


class Heartbeat:
    """One process's heartbeats. `valid_until` is on the elapsed clock: no message leaves after it."""

    def __init__(self, elapsed: Callable[[], float], expires: float = EXPIRES) -> None:
        self._elapsed = elapsed
        self._expires = expires
        self.valid_until = -1.0

    def is_valid(self) -> bool:
        return self._elapsed() < self.valid_until

    def expiry(self, now: datetime) -> datetime:
        """Return when a heartbeat of `now`, by the database's clock, expires."""
        return now + timedelta(seconds=self._expires)

    def keep(self, asked: float, held: bool) -> None:
        """Set `valid_until`, counting from when the database was asked: its answer may have come late."""
        self.valid_until = asked + self._expires if held else -1.0

    def give_up(self) -> None:
        """Stop anything more from leaving."""
        self.valid_until = -1.0


def is_alive(expires_at: InstrumentedAttribute[datetime], now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a row's last heartbeat still counts.

    An expiry further ahead than any heartbeat sets it dates from before a clock was set back.
    """
    return sa.and_(expires_at > now, expires_at <= now + _FARTHEST)


_FARTHEST = timedelta(seconds=2 * EXPIRES)


def alive(expires_at: InstrumentedAttribute[datetime]) -> sa.ColumnElement[bool]:
    """Return the same condition for a statement that is put together once; `alive_at` gives its values."""
    return sa.and_(expires_at > sa.bindparam("alive_now", type_=Instant), expires_at <= _LATEST)


_LATEST = sa.bindparam("alive_until", type_=Instant)


def alive_at(now: datetime) -> dict[str, datetime]:
    """Return the values of a statement with `alive`."""
    return {"alive_now": now, "alive_until": now + _FARTHEST}
