"""The workers of a cluster as people see them: which live, which one leads, and what each sends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Campaign, Worker
from outbound_campaigns.engine.heartbeat import is_alive
from outbound_campaigns.engine.lease import leader


@dataclass(frozen=True, slots=True)
class HeldCampaign:
    """A campaign that one worker sends now."""

    id: int
    bot_id: str
    name: str


@dataclass(frozen=True, slots=True)
class WorkerView:
    """A living worker; one that `leads` also imports, starts what is due, applies receipts, and so on."""

    name: str
    version: str
    joined_at: datetime
    renewed_at: datetime
    leads: bool
    campaigns: Sequence[HeldCampaign]


def roster(session: Session, now: datetime) -> Sequence[WorkerView]:
    """Return the living workers by when they joined."""
    held: dict[str, list[HeldCampaign]] = defaultdict(list)
    sent = sa.select(Campaign).where(Campaign.worker.is_not(None)).order_by(Campaign.id)
    for campaign in session.execute(sent).scalars():
        held[str(campaign.worker)].append(HeldCampaign(campaign.id, campaign.bot_id, campaign.name))
    first = leader(session, now)
    alive = sa.select(Worker).where(is_alive(Worker.expires_at, now)).order_by(Worker.joined_at, Worker.name)
    return [
        WorkerView(
            one.name,
            one.version,
            one.joined_at,
            one.renewed_at,
            one.name == first,
            held[one.name],
        )
        for one in session.execute(alive).scalars()
    ]
