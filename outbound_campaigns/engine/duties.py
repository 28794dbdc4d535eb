"""The leading engine's regular work beside the sending, as APScheduler jobs."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from outbound_campaigns.database.transactions import is_unavailable
from outbound_campaigns.engine.parts import Parts
from outbound_campaigns.engine.test_messages import TestMessages

LOOK = 1.0
_SELDOM = 60.0

log = logging.getLogger(__name__)

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]


class Duties:
    """Starts, imports, receipts, replies, reconciliations, templates, test messages, run by `scheduler`."""

    def __init__(self, testing: TestMessages, parts: Parts, worker: str, in_thread: InThread) -> None:
        self._testing = testing
        self._parts = parts
        self._worker = worker
        self._in_thread = in_thread
        self.scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._wall_ahead = float("-inf")

    def start(self) -> None:
        self._parts.reconciling.begin()
        self.scheduler.start()
        self.follow_clock()
        now = datetime.now(UTC)
        self.scheduler.add_job(self._test, "interval", seconds=LOOK / 4, next_run_time=now)
        for name, work, seconds in self._regular():
            again = {"name": name, "work": work}
            self.scheduler.add_job(self._do, "interval", seconds=seconds, next_run_time=now, kwargs=again)

    def _regular(self) -> Sequence[tuple[str, Callable[[], Any], float]]:
        """Return (name, work, seconds in between) of each."""
        parts = self._parts
        return (
            ("start", parts.watch.start_due, LOOK),
            ("import", partial(parts.importing.step, self._worker), LOOK / 2),
            ("receipts", parts.watch.apply_receipts, LOOK / 4),
            ("answers", parts.answering.apply, LOOK / 4),
            ("forward", parts.answering.forward, LOOK / 4),
            ("reconcile", parts.reconciling.work, LOOK),
            ("schedule", parts.reconciling.schedule, _SELDOM),
            ("templates", parts.templates.look, parts.templates.each),
        )

    def stop(self) -> None:
        self._parts.importing.stop()
        self._parts.reconciling.stop()
        if self.scheduler.running:
            self.scheduler.shutdown(wait=False)

    def follow_clock(self) -> None:
        """Run all jobs at once after the wall clock was set back; APScheduler would wait for it."""
        now = datetime.now(UTC)
        ahead = now.timestamp() - self._parts.clock.elapsed()
        if ahead < self._wall_ahead - LOOK / 2:
            for job in self.scheduler.get_jobs():
                job.modify(next_run_time=now)
        self._wall_ahead = ahead

    async def _do(self, name: str, work: Callable[[], Any]) -> None:
        with logged(name):
            await self._in_thread(work)

    async def _test(self) -> None:
        with logged("test messages"):
            await self._testing.step(self._in_thread)


@contextmanager
def logged(job: str) -> Iterator[None]:
    """Log any failure instead of raising it: the next round tries again."""
    try:
        yield
    except Exception as error:
        log.warning(
            "%s failed, trying again: %s", job, type(error).__name__, exc_info=not is_unavailable(error)
        )
