"""Who is the engine: a row with a heartbeat, so that one process sends and others stand by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Lease, Worker
from outbound_campaigns.database.statements import change, insert_if_missing
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.membership import is_alive

LEASE = "engine"
HEARTBEAT = 1.0
EXPIRES = 5.0
"""seconds after the last heartbeat"""


class EngineLease:
    """One process's hold on the lease. `valid_until` is on the elapsed clock: no message leaves after it."""

    def __init__(
        self, database: Database, holder: str, elapsed: Callable[[], float], expires: float = EXPIRES
    ) -> None:
        self._database = database
        self.holder = holder
        self._elapsed = elapsed
        self._expires = expires
        self.valid_until = -1.0

    def acquire(self) -> bool:
        """Take the lease if it is free, or renew it. False while another process holds it."""
        with self._database.write() as session:
            asked = self._elapsed()
            now = self._database.now(session)
            until = now + timedelta(seconds=self._expires)
            # An expiry further ahead than any heartbeat sets it is from before a clock was set back.
            free = sa.or_(
                Lease.holder == self.holder,
                Lease.expires_at <= now,
                Lease.expires_at > now + timedelta(seconds=2 * EXPIRES),
            )
            values = {"holder": self.holder, "renewed_at": now, "expires_at": until}
            taken = self._may_lead(session, now) and (
                change(session, sa.update(Lease).where(Lease.name == LEASE, free).values(**values))
                or insert_if_missing(session, Lease, {"name": LEASE, **values})
            )
        self.valid_until = asked + self._expires if taken else -1.0
        return bool(taken)

    def _may_lead(self, session: Session, now: datetime) -> bool:
        """Where a cluster's workers live, one of them leads: another would take their rows for abandoned."""
        alive = set(session.execute(sa.select(Worker.name).where(is_alive(now))).scalars())
        return not alive or self.holder in alive

    def is_held(self) -> bool:
        return self._elapsed() < self.valid_until

    def release(self) -> None:
        """Let the next process take over at once."""
        self.valid_until = -1.0
        with self._database.write() as session:
            now = self._database.now(session)
            change(
                session,
                sa.update(Lease)
                .where(Lease.name == LEASE, Lease.holder == self.holder)
                .values(expires_at=now),
            )


def engine_alive(database: Database) -> bool:
    """Does some process hold the lease now?"""
    with database.read() as session:
        return leader(session, database.now(session)) is not None


def embedded_engine_leads(database: Database) -> bool:
    """Does a process that is no worker of a cluster hold the lease now?"""
    with database.read() as session:
        holder = leader(session, database.now(session))
        return holder is not None and session.get(Worker, holder) is None


def leader(session: Session, now: datetime) -> str | None:
    """An expiry further ahead than any heartbeat sets it is from before a clock was set back."""
    held = sa.and_(Lease.expires_at > now, Lease.expires_at <= now + timedelta(seconds=2 * EXPIRES))
    return session.execute(sa.select(Lease.holder).where(Lease.name == LEASE, held)).scalar_one_or_none()
