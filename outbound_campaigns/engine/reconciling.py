"""The engine's part in reconciling: it runs the passes that wait, and queues those that are scheduled."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.problems import SourceUnavailable
from bot_config.refusal import Refusal
from outbound_campaigns.campaigns.campaign_rows import ENGINE, Act
from outbound_campaigns.database.models import Campaign, Reconciliation, ReconciliationStatus
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.request import CampaignNotFound
from outbound_campaigns.domain.refusals.state import NothingToReconcile, ReconciliationUnderWay
from outbound_campaigns.incoming import reconciliation
from outbound_campaigns.incoming.reconciliation import Step, TakenByAnother
from outbound_campaigns.vonage.senders import BotSenders

ASKED_FOR_SO_LONG = timedelta(days=30)
"""after a campaign's end, for which it is still reconciled by schedule"""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reconciling:
    """Runs and schedules passes, for the engine's jobs, or for the command where no engine runs."""

    database: Database
    senders: BotSenders
    vonage_url: str
    _stopping: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Allow work again after `stop`."""
        self._stopping.clear()

    def stop(self) -> None:
        """Stop after the current question; the next engine continues with the rest."""
        self._stopping.set()

    def work(self) -> None:
        """Run the steps that are due, until none is."""
        while not self._stopping.is_set():
            step = reconciliation.take(self.database)
            if step is None:
                return
            try:
                self._run(step)
            except TakenByAnother:
                log.warning("reconciliation-%s went on elsewhere", step.reconciliation_id)
            except SourceUnavailable as refusal:
                # Temporary: the step is taken again, and those of other bots meanwhile.
                log.warning("reconciliation-%s waits: %s", step.reconciliation_id, refusal.code)

    def _run(self, step: Step) -> None:
        try:
            vonage = reconciliation.records_of(self.senders, step.bot_id, step.account, self.vonage_url)
            terms = reconciliation.terms_of(self.senders, step.bot_id)
        except SourceUnavailable:
            raise  # temporary: the step is taken again
        except Refusal as refusal:
            reconciliation.fail(self.database, step, refusal)
            return
        reconciliation.run_step(self.database, step, vonage, terms, self._stopping.is_set)

    def schedule(self) -> None:
        """Queue a pass for each campaign with rows in doubt whose bot's schedule makes one due."""
        with self.database.read() as session:
            now = self.database.now(session)
            waiting = _in_doubt_by_bot(session, now)
        for bot_id, campaign_ids in waiting.items():
            hours = self._hours(bot_id)
            for campaign_id in campaign_ids if hours is not None else ():
                self._request_when_due(campaign_id, timedelta(hours=hours or 0))

    def _hours(self, bot_id: str) -> float | None:
        try:
            return self.senders.account(bot_id).settings.reconcile_every_hours
        except Refusal:
            return None

    def _request_when_due(self, campaign_id: int, every: timedelta) -> None:
        with self.database.write() as session:
            now = self.database.now(session)
            last = sa.select(sa.func.max(Reconciliation.requested_at)).where(
                Reconciliation.campaign_id == campaign_id
            )
            requested_at = session.execute(last).scalar_one()
            if requested_at is not None and now - requested_at < every:
                return
            # Receipts, an operator or another engine may have been quicker; other campaigns still wait.
            with suppress(CampaignNotFound, NothingToReconcile, ReconciliationUnderWay):
                reconciliation.request(session, campaign_id, False, Act(ENGINE, now))


def _in_doubt_by_bot(session: Session, now: datetime) -> dict[str, list[int]]:
    """Return, by bot, the campaigns with rows in doubt that are not too old and not being reconciled."""
    running = sa.select(Reconciliation.campaign_id).where(
        Reconciliation.status == ReconciliationStatus.RUNNING
    )
    recent = sa.or_(Campaign.finished_at.is_(None), Campaign.finished_at > now - ASKED_FOR_SO_LONG)
    query = sa.select(Campaign.bot_id, Campaign.id).where(
        Campaign.in_doubt_count > 0, Campaign.deleted_at.is_(None), recent, Campaign.id.not_in(running)
    )
    by_bot: dict[str, list[int]] = {}
    for bot_id, campaign_id in session.execute(query.order_by(Campaign.id)):
        by_bot.setdefault(bot_id, []).append(campaign_id)
    return by_bot
