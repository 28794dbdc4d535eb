"""APScheduler's jobs: one for each running campaign, and what is done again and again beside the sending."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from outbound_campaigns.clock import Clock
from outbound_campaigns.db import Database, is_unavailable
from outbound_campaigns.engine.answering import Answering
from outbound_campaigns.engine.importing import Importing
from outbound_campaigns.engine.reconciling import Reconciling
from outbound_campaigns.engine.template_watch import TemplateWatch
from outbound_campaigns.engine.testing import Testing
from outbound_campaigns.engine.watch import Watch
from outbound_campaigns.sending.dispatcher import Dispatcher
from outbound_campaigns.sending.gateway import Gateway
from outbound_campaigns.sending.senders import Senders

_LOOK = 1.0
_SELDOM = 60.0
_SOON = 0.05
"""seconds that are waited out without the scheduler, which drops a job that comes while its last run ends"""

_LONGEST_WAIT = 5.0
"""seconds; a retry or a change may make a campaign due earlier than it said"""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What an engine is made of."""

    database: Database
    gateway: Gateway
    senders: Senders
    watch: Watch
    importing: Importing
    templates: TemplateWatch
    answering: Answering
    reconciling: Reconciling
    clock: Clock
    worker: str
    most_in_flight: int


class Jobs:
    """APScheduler's jobs: one for each running campaign, and those that look, start and import."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        testing: Testing,
        parts: Parts,
        in_thread: Callable[[Callable[[], Any]], Awaitable[Any]],
    ) -> None:
        self._dispatcher = dispatcher
        self._testing = testing
        self._parts = parts
        self._in_thread = in_thread
        self._scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._active: set[int] = set()
        self._wall_ahead = float("-inf")

    def start(self) -> None:
        self._parts.reconciling.begin()
        self._scheduler.start()
        self.follow_clock()
        now = datetime.now(UTC)
        self._scheduler.add_job(self._look, "interval", seconds=_LOOK, next_run_time=now)
        self._scheduler.add_job(self._test, "interval", seconds=_LOOK / 4, next_run_time=now)
        for name, work, seconds in self._regular():
            again = {"name": name, "work": work}
            self._scheduler.add_job(self._do, "interval", seconds=seconds, next_run_time=now, kwargs=again)

    def _regular(self) -> Sequence[tuple[str, Callable[[], Any], float]]:
        """What is done again and again beside the sending: its name, the work, seconds in between."""
        parts = self._parts
        return (
            ("start", parts.watch.start_due, _LOOK),
            ("import", partial(parts.importing.step, parts.worker), _LOOK / 2),
            ("receipts", parts.watch.apply_receipts, _LOOK / 4),
            ("answers", parts.answering.apply, _LOOK / 4),
            ("forward", parts.answering.forward, _LOOK / 4),
            ("reconcile", parts.reconciling.work, _LOOK),
            ("schedule", parts.reconciling.schedule, _SELDOM),
            ("templates", parts.templates.look, parts.templates.each),
        )

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def follow_clock(self) -> None:
        """After the wall clock was set back, run at once what APScheduler would let wait for it."""
        now = datetime.now(UTC)
        ahead = now.timestamp() - self._parts.clock.elapsed()
        if ahead < self._wall_ahead - _LOOK / 2:
            for job in self._scheduler.get_jobs():
                job.modify(next_run_time=now)
        self._wall_ahead = ahead

    async def _do(self, name: str, work: Callable[[], Any]) -> None:
        with _logged(name):
            await self._in_thread(work)

    async def _test(self) -> None:
        with _logged("test messages"):
            await self._testing.step(self._in_thread)

    async def _look(self) -> None:
        with _logged("watch"):
            running = set(await self._in_thread(self._parts.watch.look))
            for campaign_id in self._dispatcher.sending:
                if campaign_id not in running:
                    self._dispatcher.halt(campaign_id)
                    self._dispatcher.forget(campaign_id)
            for job in self._scheduler.get_jobs():
                if job.args and job.args[0] not in running:
                    job.remove()  # so that it is sent at once when it is resumed
            for campaign_id in running - self._active:
                if self._scheduler.get_job(_job_id(campaign_id)) is None:
                    self._at(campaign_id, datetime.now(UTC))

    def _at(self, campaign_id: int, when: datetime) -> None:
        self._scheduler.add_job(
            self._send, "date", run_date=when, args=(campaign_id,), id=_job_id(campaign_id)
        )

    async def _send(self, campaign_id: int) -> None:
        """Send slices while they are due, then come back at the time of the next."""
        self._active.add(campaign_id)
        try:
            with _logged(_job_id(campaign_id)):
                wait = await self._send_what_is_due(campaign_id)
                if wait is not None:
                    self._at(campaign_id, datetime.now(UTC) + timedelta(seconds=wait))
        finally:
            self._active.discard(campaign_id)

    async def _send_what_is_due(self, campaign_id: int) -> float | None:
        """Seconds until the next slice is due; None when the watch will tell."""
        while True:
            until = await self._dispatcher.run_batch(campaign_id)
            if until is None:
                return None
            wait = await self._seconds_until(until)
            if wait > _SOON:
                return min(wait, _LONGEST_WAIT)
            await self._parts.clock.sleep(max(wait, 0.0))

    async def _seconds_until(self, until: datetime) -> float:
        """By the database's clock, which may differ from this machine's."""
        now: datetime = await self._in_thread(self._parts.database.read_clock)
        return (until - now).total_seconds()


def _job_id(campaign_id: int) -> str:
    return f"campaign-{campaign_id}"


@contextmanager
def _logged(job: str) -> Iterator[None]:
    """A job that fails, the database being away or worse, is tried again by the watch."""
    try:
        yield
    except Exception as error:
        log.warning(
            "%s failed, trying again: %s", job, type(error).__name__, exc_info=not is_unavailable(error)
        )
