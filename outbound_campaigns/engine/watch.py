"""The engine's work each second: due starts, rows that follow their campaign, lost claims."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.problems import SourceUnavailable
from bot_config.refusal import Refusal
from outbound_campaigns.audience.judging.starting import must_be_judged
from outbound_campaigns.campaigns import actions, campaign_rows, transitions
from outbound_campaigns.campaigns.campaign_rows import ENGINE, Act
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database, is_unavailable
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus
from outbound_campaigns.domain.refusals.configuration import ConfigurationMissing, TemplatesUnavailable
from outbound_campaigns.domain.refusals.state import ImportUnderWay, JudgingUnderWay, NothingToSend
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.following import CHUNK, FOLLOWING
from outbound_campaigns.incoming import receipts
from outbound_campaigns.sending.abandoned import abandon_expired

log = logging.getLogger(__name__)

Prepare = Callable[[Campaign], ResolvedTemplate]
"""checks a campaign's configuration and finds its template; raises a Refusal"""


@dataclass(frozen=True, slots=True)
class Watch:
    """The engine's repeated checks; times are in seconds."""

    database: Database
    prepare: Prepare
    request_timeout: float
    start_grace: float

    def abandon_overdue(self) -> None:
        """Put the rows in doubt whose answer is overdue."""
        abandon_expired(self.database, self.request_timeout)

    def running(self) -> Sequence[int]:
        """Return the ids of the running campaigns."""
        with self.database.read() as session:
            query = sa.select(Campaign.id).where(Campaign.status == CampaignStatus.RUNNING)
            return session.execute(query.order_by(Campaign.id)).scalars().all()

    def start_due(self) -> None:
        """Start the campaigns that are due; pause those that missed their time by more than the grace.

        Separate from the rest, since a template may have to be looked up at Vonage.
        """
        with self.database.read() as session:
            now = self.database.now(session)
            due = sa.select(Campaign).where(
                Campaign.status == CampaignStatus.SCHEDULED, Campaign.scheduled_at <= now
            )
            scheduled = session.execute(due.order_by(Campaign.scheduled_at)).scalars().all()
        for campaign in scheduled:
            try:
                self._start_or_pause(campaign, now)
            except Exception as error:
                if is_unavailable(error):
                    raise
                # It concerns this campaign alone, and must not hold up anything else.
                log.warning(
                    "campaign-%s was not started, trying again: %s", campaign.id, type(error).__name__
                )

    def _start_or_pause(self, campaign: Campaign, now: datetime) -> None:
        if actions.missed_start(campaign, now, timedelta(seconds=self.start_grace)):
            self._move(campaign, CampaignEvent.PAUSE, {"code": "start_missed"})
        else:
            self._start(campaign)

    def _start(self, campaign: Campaign) -> None:
        try:
            template = self.prepare(campaign)
            must_be_judged(self.database, campaign.id, template)
            with self.database.write() as session:
                now = self.database.now(session)
                if self._is_still_due(session, campaign, now):
                    actions.start(session, campaign.id, template, Act(ENGINE, now))
        except (ImportUnderWay, JudgingUnderWay, TemplatesUnavailable):
            return  # temporary: tried again with the next look, until the grace has run out
        except SourceUnavailable:
            raise  # temporary too; start_due logs it
        except (ConfigurationMissing, NothingToSend) as refusal:
            self._move(campaign, CampaignEvent.FAIL, _why(refusal))
        except Refusal as refusal:
            self._move(campaign, CampaignEvent.PAUSE, _why(refusal))

    def _move(self, campaign: Campaign, event: CampaignEvent, why: dict[str, object]) -> None:
        with self.database.write() as session:
            now = self.database.now(session)
            if self._is_still_due(session, campaign, now):
                transitions.move_campaign(session, campaign.id, event, Act(ENGINE, now, why))

    def _is_still_due(self, session: Session, prepared: Campaign, now: datetime) -> bool:
        """Return False if an operator started, postponed or changed it while its template was looked up."""
        campaign = campaign_rows.get(session, prepared.id, lock=True)
        at = campaign.scheduled_at
        is_due = campaign.status == CampaignStatus.SCHEDULED and at is not None and at <= now
        return is_due and actions.is_as_prepared(campaign, prepared)

    def apply_receipts(self) -> None:
        """Apply the receipts that have come."""
        while receipts.apply_some(self.database) >= receipts.RECEIPTS_AT_ONCE:
            pass

    def follow(self) -> None:
        """Move a chunk of each campaign's rows: deleted, cancelled, over the limit, or to be sent again."""
        for which, step in FOLLOWING:
            for campaign_id in self._ids(which):
                with self.database.write() as session:
                    step(session, campaign_id, self.database.now(session), CHUNK)

    def _ids(self, which: sa.ColumnElement[bool]) -> Sequence[int]:
        with self.database.read() as session:
            return session.execute(sa.select(Campaign.id).where(which).order_by(Campaign.id)).scalars().all()


def _why(refusal: Refusal) -> dict[str, object]:
    return {"code": refusal.code, **refusal.values}
