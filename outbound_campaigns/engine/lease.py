"""The engine's lease: a row with a heartbeat, so that one process sends and others stand by."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.base import Instant
from outbound_campaigns.database.models import Lease, Worker
from outbound_campaigns.database.statements import change, insert_if_missing
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.heartbeat import EXPIRES, Heartbeat, alive, alive_at, is_alive

LEASE = "engine"

# Put together once: each second that takes longer than running them.
_TAKE = (
    sa.update(Lease)
    .where(
        Lease.name == LEASE,
        sa.or_(Lease.holder == sa.bindparam("me"), sa.not_(alive(Lease.expires_at))),
    )
    .values(
        holder=sa.bindparam("me"),
        renewed_at=sa.bindparam("now", type_=Instant),
        expires_at=sa.bindparam("until", type_=Instant),
    )
)
_WORKERS = sa.select(Worker.name).where(alive(Worker.expires_at))


class EngineLease(Heartbeat):
    """One process's hold on the lease; none of its messages leaves after `valid_until`."""

    def __init__(
        self, database: Database, holder: str, elapsed: Callable[[], float], expires: float = EXPIRES
    ) -> None:
        super().__init__(elapsed, expires)
        self._database = database
        self.holder = holder

    def acquire(self) -> bool:
        """Take the lease if it is free, or renew it. Returns False while another process holds it."""
        with self._database.write() as session:
            asked = self._elapsed()
            now = self._database.now(session)
            values = {"holder": self.holder, "renewed_at": now, "expires_at": self.expiry(now)}
            taken = self._may_lead(session, now) and (
                change(
                    session,
                    _TAKE,
                    {"me": self.holder, "now": now, "until": values["expires_at"]} | alive_at(now),
                )
                or insert_if_missing(session, Lease, {"name": LEASE, **values})
            )
        self.keep(asked, bool(taken))
        return bool(taken)

    def _may_lead(self, session: Session, now: datetime) -> bool:
        """Return whether it may lead. Where workers live, only they may: others would abandon their rows."""
        workers = set(session.execute(_WORKERS, alive_at(now)).scalars())
        return not workers or self.holder in workers

    def release(self) -> None:
        """Release the lease, so that the next process can take over at once."""
        self.give_up()
        with self._database.write() as session:
            now = self._database.now(session)
            change(
                session,
                sa.update(Lease)
                .where(Lease.name == LEASE, Lease.holder == self.holder)
                .values(expires_at=now),
            )


def engine_alive(database: Database) -> bool:
    """Return whether some process holds the lease now."""
    with database.read() as session:
        return leader(session, database.now(session)) is not None


def embedded_engine_leads(database: Database) -> bool:
    """Return whether a process that is not a worker of a cluster holds the lease now."""
    with database.read() as session:
        holder = leader(session, database.now(session))
        return holder is not None and session.get(Worker, holder) is None


def leader(session: Session, now: datetime) -> str | None:
    """Return the name of the process that holds the lease, or None."""
    held = is_alive(Lease.expires_at, now)
    return session.execute(sa.select(Lease.holder).where(Lease.name == LEASE, held)).scalar_one_or_none()
