"""Accepts a restored copy as the database to send from: nothing is sent until somebody resumes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows, transitions
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.copy_mark import InstanceMark
from outbound_campaigns.database.models import Campaign, TimelineMinute
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus
from outbound_campaigns.sending.abandoned import doubt_all
from outbound_campaigns.sending.window import last_departure

RESTORED = "restored"

_AT_WORK = (CampaignStatus.RUNNING, CampaignStatus.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many campaigns were paused, and how many rows were put in doubt."""

    paused: int
    in_doubt: int


def at_work(session: Session) -> Sequence[Campaign]:
    """Return the campaigns that would send by themselves: running or scheduled ones."""
    query = sa.select(Campaign).where(Campaign.status.in_(_AT_WORK), Campaign.deleted_at.is_(None))
    return session.execute(query.order_by(Campaign.id)).scalars().all()


def newest_departure(session: Session, campaign: Campaign) -> datetime | None:
    """Return when the last message known to the database left, to the minute where it is long ago."""
    query = sa.select(sa.func.max(TimelineMinute.at)).where(
        TimelineMinute.campaign_id == campaign.id, TimelineMinute.sent > 0
    )
    known = (last_departure(campaign), session.execute(query).scalar_one())
    return max((at for at in known if at is not None), default=None)


def accept(database: Database, who: str) -> Accepted:
    """Pause what would send, put in doubt what was being sent, and mark the database.

    The mark comes last: a failure before it leaves the copy held, and all of this may be repeated.
    """
    with database.read() as session:
        ids = [campaign.id for campaign in at_work(session)]
    paused = sum(_pause(database, campaign_id, who) for campaign_id in ids)
    in_doubt = doubt_all(database)
    InstanceMark(database).set()
    return Accepted(paused, in_doubt)


def _pause(database: Database, campaign_id: int, who: str) -> bool:
    with database.write() as session:
        newest = newest_departure(session, campaign_rows.get(session, campaign_id, lock=True))
        known = {"newest": newest.isoformat(timespec="seconds")} if newest else {}
        act = Act(who, database.now(session), {"code": RESTORED, **known}, {"next_batch_at": None})
        return transitions.move_campaign(session, campaign_id, CampaignEvent.PAUSE, act)
