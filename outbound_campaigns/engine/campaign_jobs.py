"""The embedded engine's APScheduler jobs: one for each running campaign."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from outbound_campaigns.engine.duties import LOOK, Duties, InThread
from outbound_campaigns.engine.failure_log import logged
from outbound_campaigns.engine.glance import Sign
from outbound_campaigns.engine.parts import Parts
from outbound_campaigns.sending.dispatcher import AT_ONCE, Dispatcher

_SOON = 0.05
"""seconds; shorter waits bypass the scheduler, which drops a job added while its last run is ending"""

LONGEST_IDLE = 5.0
"""seconds; a retry or a change may make a campaign due earlier than expected"""


class Jobs:
    """Adds and removes jobs as campaigns start and stop running, by a look at the rows each second."""

    def __init__(self, dispatcher: Dispatcher, parts: Parts, duties: Duties, in_thread: InThread) -> None:
        self._dispatcher = dispatcher
        self._parts = parts
        self._duties = duties
        self._scheduler = duties.scheduler
        self._in_thread = in_thread
        self._active: set[int] = set()

    def start(self) -> None:
        self._duties.add("watch", self._look, LOOK, Sign.SENDING, self._are_any)

    def _are_any(self) -> bool:
        """Return whether a campaign is being sent, or will be at its time: it may have been paused."""
        jobs = self._scheduler.get_jobs()
        return bool(self._dispatcher.sending or self._active) or any(job.args for job in jobs)

    async def _look(self) -> None:
        running = set(await self._in_thread(self._parts.watch.running))
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
        """Send slices while they are due, then schedule the next call for the time of the next."""
        self._active.add(campaign_id)
        try:
            with logged(_job_id(campaign_id)):
                wait = await self._send_what_is_due(campaign_id)
                if wait is not None:
                    self._at(campaign_id, datetime.now(UTC) + timedelta(seconds=wait))
        finally:
            self._active.discard(campaign_id)

    async def _send_what_is_due(self, campaign_id: int) -> float | None:
        """Send the slices that are due. Returns the seconds until the next; None: the watch will find it."""
        while True:
            until = await self._dispatcher.run_batch(campaign_id)
            if until is None:
                return None
            wait = await self._seconds_until(until)
            if wait > _SOON:
                return min(wait, LONGEST_IDLE)
            await self._parts.clock.sleep(max(wait, 0.0))

    async def _seconds_until(self, until: datetime) -> float:
        """Return the seconds left by the database's clock, which may differ from this machine's."""
        if until is AT_ONCE:
            return 0.0
        now: datetime = await self._in_thread(self._parts.database.read_clock)
        return (until - now).total_seconds()


def _job_id(campaign_id: int) -> str:
    return f"campaign-{campaign_id}"
