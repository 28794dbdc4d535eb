"""Explains, from the rows alone, why nothing leaves of a campaign that should be sending."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows, canary
from outbound_campaigns.database.models import Breaker, Campaign, Pace
from outbound_campaigns.database.transactions import Database, instant
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.lifecycle import CampaignStatus
from outbound_campaigns.domain.stall_causes import CAUSES, StallKind
from outbound_campaigns.engine.lease import engine_alive
from outbound_campaigns.engine.permit import Obstacle, obstacle
from outbound_campaigns.sending.due_rows import next_due
from outbound_campaigns.sending.pace import account_key, grant, sender_key
from outbound_campaigns.sending.window import BatchWindow, last_departure

QUIET = timedelta(seconds=10)
"""after the last message left; until then there is nothing to explain"""

CAMPAIGNS_EXPLAINED = 100
"""most campaigns that are explained at once"""

AccessOf = Callable[[Campaign], Access | None]
"""returns the access with which a campaign that has sent nothing yet will be sent"""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why nothing leaves; `code` is one of CAUSES, and `until` is when it goes on, where that is known."""

    code: str
    until: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    obstacle: Obstacle | None = None
    """set where an obstacle stops every campaign; it has words of its own"""

    @property
    def kind(self) -> StallKind:
        return CAUSES[self.code].kind

    def text(self, language: str = "es") -> str:
        if self.obstacle is not None:
            return self.obstacle.text(language)
        return CAUSES[self.code].words.text(language, **self.values)


@dataclass(frozen=True, slots=True)
class Stall:
    """A campaign of which nothing has left since `since`, and why."""

    campaign: Campaign
    since: datetime
    cause: Cause


def general_cause(database: Database) -> Cause | None:
    """Return what stops every campaign (a copy, tables of another version, no engine), or None."""
    found = obstacle(database)
    if found is not None:
        return Cause(found.code, obstacle=found)
    return None if engine_alive(database) else Cause("engine_missing")


def find_stalls(
    session: Session, now: datetime, stop: Cause | None, access_of: AccessOf, bot_id: str | None = None
) -> Sequence[Stall]:
    """Return the stalls of one bot, or of all: at most CAMPAIGNS_EXPLAINED, the oldest campaigns first.

    `stop` is what `general_cause` found.
    """
    query = sa.select(Campaign).where(Campaign.status.in_((CampaignStatus.RUNNING, CampaignStatus.SCHEDULED)))
    if bot_id is not None:
        query = query.where(Campaign.bot_id == bot_id)
    found = session.execute(query.order_by(Campaign.id).limit(CAMPAIGNS_EXPLAINED)).scalars().all()
    explained = (stall_of(session, campaign, now, stop, access_of) for campaign in found)
    return [one for one in explained if one is not None]


def stall_of(
    session: Session, campaign: Campaign, now: datetime, stop: Cause | None, access_of: AccessOf
) -> Stall | None:
    """Return why nothing leaves; None where messages leave, nobody is left, or its time has not come."""
    since = still_since(campaign, now)
    if since is None or now - since < QUIET:
        return None
    importing = campaign_rows.running_import(session, campaign.id)
    if importing is not None and stop is None:
        return Stall(campaign, since, Cause("import_under_way", values={"file_name": importing.file_name}))
    if campaign.status == CampaignStatus.SCHEDULED:
        return Stall(campaign, since, stop or Cause("template_awaited"))
    if not campaign.pending_count + campaign.sending_count:
        return None
    cause = stop or next(_Look(session, campaign, now, access_of).causes(), Cause("unexplained"))
    return Stall(campaign, since, cause)


def still_since(campaign: Campaign, now: datetime) -> datetime | None:
    """Return when the last message left, or if later, when it was to start, was started or was resumed."""
    if campaign.status == CampaignStatus.SCHEDULED:
        return campaign.scheduled_at
    if campaign.status != CampaignStatus.RUNNING:
        return None
    left = last_departure(campaign)
    known = (campaign.started_at, campaign.finals_since, left and min(left, now))
    return max((at for at in known if at is not None), default=campaign.updated_at)


@dataclass(frozen=True)
class _Look:
    """A look at one running campaign while an engine leads."""

    session: Session
    campaign: Campaign
    now: datetime
    access_of: AccessOf

    def causes(self) -> Iterator[Cause]:
        """Yield the causes that hold, in the order in which to report them."""
        looks = (self._limit, self._breaker, self._canary, self._batch, self._answers, self._retries)
        for look in (*looks, self._pace, self._others):
            cause = look()
            if cause is not None:
                yield cause

    @cached_property
    def _access(self) -> Access | None:
        return self.campaign.access or self.access_of(self.campaign)

    def _limit(self) -> Cause | None:
        return Cause("spend_limit") if self.campaign.limit_reached else None

    def _breaker(self) -> Cause | None:
        breaker = self.session.get(Breaker, str(self._access)) if self._access else None
        return Cause("breaker_open", breaker.probe_at) if breaker is not None and breaker.is_open else None

    def _canary(self) -> Cause | None:
        if not canary.is_open(self.campaign) or canary.state(self.campaign) is not canary.CanaryState.WAITING:
            return None
        unanswered = canary.figures(self.campaign)["unanswered"]
        return Cause("canary_waits", canary.deadline(self.campaign), {"unanswered": unanswered})

    def _batch(self) -> Cause | None:
        at = self.now.timestamp()
        free = BatchWindow.of(self.campaign, at).next_free(at)
        return Cause("next_batch", instant(free)) if free > at else None

    def _answers(self) -> Cause | None:
        sending = self.campaign.sending_count
        return Cause("answers_awaited", values={"sending": sending}) if sending else None

    def _retries(self) -> Cause | None:
        first = next_due(self.session, self.campaign)
        if first is None or first <= self.now:
            return None
        return Cause("retries", first, {"pending": self.campaign.pending_count})

    def _pace(self) -> Cause | None:
        keys = [account_key(self._access.account)] if self._access else []
        keys += [sender_key(self.campaign.sender_number)] if self.campaign.sender_number else []
        rates = self.session.execute(sa.select(Pace).where(Pace.key.in_(keys))).scalars().all()
        if not rates:
            return None
        start, spacing = grant(rates, self.now.timestamp())
        if start <= self.now.timestamp():
            return None
        return Cause("pace", instant(start), {"per_second": 1 / spacing})

    def _others(self) -> Cause | None:
        if self._access is None:
            return None
        query = sa.select(sa.func.count()).where(
            Campaign.status == CampaignStatus.RUNNING,
            Campaign.account == self._access.account,
            Campaign.credentials == self._access.credentials,
            Campaign.next_batch_at > self.now - QUIET,
            Campaign.id != self.campaign.id,
        )
        others = self.session.execute(query).scalar_one()
        return Cause("account_busy", values={"campaigns": others}) if others else None
