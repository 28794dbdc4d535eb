"""The workers of a cluster: which are alive, and which one alone sends a campaign now.

Rows ensure this; the queue only says when to look.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import version

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Campaign, Worker
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import Database, wake
from outbound_campaigns.domain.lifecycle import CampaignStatus
from outbound_campaigns.engine.heartbeat import EXPIRES, Heartbeat, is_alive

_ASK_OTHERS = timedelta(seconds=0.2)
"""after which a campaign that would have been one too many for a worker is offered again"""

_OVERDUE = timedelta(seconds=2)

_LOOK_AGAIN = timedelta(seconds=1)

LONGEST_IDLE = 5.0
"""seconds; a retry, a receipt or a change may make a campaign due earlier than expected"""


class TakeResult(StrEnum):
    """The result of asking for a campaign."""

    YES = "yes"
    NOT_RUNNING = "not_running"
    BY_ANOTHER = "by_another"
    TOO_MANY = "too_many"
    """other workers have fewer"""
    NO_MEMBER = "no_member"
    """the worker that asks has expired"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a worker must know each second."""

    share: int
    """the most campaigns that it sends, so that all workers have about the same number"""
    campaigns: frozenset[int]
    """running ones that only it may send"""
    stopped: frozenset[int]
    """ones that it holds although they are no longer running"""


class Membership(Heartbeat):
    """One worker's term: from joining until it leaves, or does not renew in time."""

    def __init__(
        self, database: Database, name: str, elapsed: Callable[[], float], expires: float = EXPIRES
    ) -> None:
        super().__init__(elapsed, expires)
        self._database = database
        self.name = name

    def join(self) -> None:
        with self._database.write() as session:
            asked = self._elapsed()
            now = self._database.now(session)
            session.add(
                Worker(
                    name=self.name,
                    version=version("outbound-campaigns"),
                    joined_at=now,
                    renewed_at=now,
                    expires_at=self.expiry(now),
                )
            )
        self.keep(asked, held=True)

    def renew(self) -> Standing | None:
        """Renew the heartbeat. Returns the worker's standing, or None when it is too late for that."""
        with self._database.write() as session:
            asked = self._elapsed()
            now = self._database.now(session)
            mine = sa.update(Worker).where(Worker.name == self.name, is_alive(Worker.expires_at, now))
            renewed = change(session, mine.values(renewed_at=now, expires_at=self.expiry(now)))
            standing = self._standing(session, now) if renewed else None
        self.keep(asked, bool(renewed))
        return standing

    def _standing(self, session: Session, now: datetime) -> Standing:
        query = sa.select(Campaign.id, Campaign.status).where(Campaign.worker == self.name)
        held = {id_: status == CampaignStatus.RUNNING for id_, status in session.execute(query)}
        return Standing(
            share=_share(session, now, more=0),
            campaigns=frozenset(id_ for id_, running in held.items() if running),
            stopped=frozenset(id_ for id_, running in held.items() if not running),
        )

    def take(self, campaign_id: int) -> TakeResult:
        """Take a campaign, to be the only one that sends it, unless that exceeds a fair share.

        One that others should have taken and did not is taken all the same.
        """
        with self._database.write() as session:
            campaign = campaign_rows.get(session, campaign_id, lock=True)
            now = self._database.now(session)
            if campaign.status != CampaignStatus.RUNNING or campaign.deleted_at is not None:
                return TakeResult.NOT_RUNNING
            # Locked, so that nobody finds it expired, and puts its rows in doubt, while it takes one more.
            me = sa.select(Worker.name).where(Worker.name == self.name, is_alive(Worker.expires_at, now))
            if session.execute(me.with_for_update(read=True)).first() is None:
                return TakeResult.NO_MEMBER
            if campaign.worker == self.name:
                return TakeResult.YES
            if campaign.worker is not None:
                return TakeResult.BY_ANOTHER
            if not _is_overdue(campaign, now) and self._has_its_share(session, now):
                wake(session, campaign_id, now + _ASK_OTHERS)
                return TakeResult.TOO_MANY
            campaign.worker = self.name
            return TakeResult.YES

    def _has_its_share(self, session: Session, now: datetime) -> bool:
        return _held(session, Campaign.worker == self.name) >= _share(session, now, more=1)

    def let_go(self, campaign_id: int, until: datetime | None) -> None:
        """Release a campaign, to be woken at `until`. None of its messages may be under way."""
        with self._database.write() as session:
            now = self._database.now(session)
            at = min(until or now + _LOOK_AGAIN, now + timedelta(seconds=LONGEST_IDLE))
            _free(session, Campaign.id == campaign_id, [self.name], at)


def the_dead(database: Database) -> Sequence[str]:
    """Return the workers that have expired, and those that hold a campaign but have no row."""
    with database.read() as session:
        now = database.now(session)
        expired = sa.select(Worker.name).where(sa.not_(is_alive(Worker.expires_at, now)))
        unknown = sa.select(Campaign.worker).where(
            Campaign.worker.is_not(None), Campaign.worker.not_in(sa.select(Worker.name))
        )
        names = [*session.execute(expired).scalars(), *session.execute(unknown).scalars()]
        return sorted({name for name in names if name is not None})


def remove(database: Database, names: Collection[str]) -> None:
    """Delete dead workers once their claimed rows are in doubt, so that others may take their campaigns."""
    with database.write() as session:
        _free(session, sa.true(), names, database.now(session))
        change(session, sa.delete(Worker).where(Worker.name.in_(names)))


def _is_overdue(campaign: Campaign, now: datetime) -> bool:
    due = campaign.next_batch_at or campaign.started_at
    return due is not None and due < now - _OVERDUE


def _free(session: Session, which: sa.ColumnElement[bool], workers: Collection[str], at: datetime) -> None:
    held = sa.select(Campaign).where(which, Campaign.worker.in_(workers)).order_by(Campaign.id)
    for campaign in session.execute(held.with_for_update()).scalars():
        campaign.worker = None
        if campaign.status == CampaignStatus.RUNNING:
            wake(session, campaign.id, at)


def _held(session: Session, which: sa.ColumnElement[bool]) -> int:
    return session.execute(sa.select(sa.func.count()).select_from(Campaign).where(which)).scalar_one()


def _share(session: Session, now: datetime, more: int) -> int:
    """Return the most that one worker holds when `more` campaigns beside those held are spread evenly."""
    query = sa.select(sa.func.count()).select_from(Worker).where(is_alive(Worker.expires_at, now))
    alive = max(1, session.execute(query).scalar_one())
    return -(-(_held(session, Campaign.worker.is_not(None)) + more) // alive)
