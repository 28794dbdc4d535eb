"""The leading engine's work beside the sending: each part begins when a glance sees something to do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from outbound_campaigns.engine.failure_log import logged
from outbound_campaigns.engine.glance import Sign
from outbound_campaigns.engine.parts import Parts
from outbound_campaigns.engine.test_messages import TestMessages

LOOK = 1.0
GLANCE = 0.2
_SELDOM = 60.0
"""seconds after which a duty is done even if no glance has seen anything to do"""

log = logging.getLogger(__name__)

InThread = Callable[[Callable[[], Any]], Awaitable[Any]]


@dataclass(slots=True)
class Duty:
    """Work that begins at most every `each` seconds: with a sign, only when a glance sees it, or `is_due`."""

    name: str
    work: Callable[[], Awaitable[Any]]
    each: float
    sign: Sign | None = None
    is_due: Callable[[], bool] = lambda: False
    began_at: float = float("-inf")
    running: asyncio.Task[None] | None = None

    def waits(self, signs: Collection[Sign], now: float) -> bool:
        """Return whether it should begin; `now` is on the elapsed clock."""
        passed = now - self.began_at
        if self.running is not None or passed < self.each - GLANCE / 2:
            return False
        return self.sign is None or self.sign in signs or passed >= _SELDOM or self.is_due()


class Duties:
    """Starts, overdue claims, imports, rows that follow or are judged, receipts … and what `add` adds."""

    def __init__(self, testing: TestMessages, parts: Parts, worker: str, in_thread: InThread) -> None:
        self._testing = testing
        self._parts = parts
        self._worker = worker
        self._in_thread = in_thread
        self._duties = [
            Duty(name, partial(self._in_thread, work), each, sign)
            for name, work, each, sign in self._regular()
        ]
        self.add("test messages", partial(testing.step, in_thread), GLANCE, Sign.TEST)
        self.scheduler = AsyncIOScheduler(
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )
        self._wall_ahead = float("-inf")

    def _regular(self) -> Sequence[tuple[str, Callable[[], Any], float, Sign | None]]:
        """Return (name, work, seconds in between, sign) of each."""
        parts = self._parts
        return (
            ("start", parts.watch.start_due, LOOK, Sign.START),
            ("overdue", parts.watch.abandon_overdue, LOOK, Sign.OVERDUE),
            ("follow", parts.watch.follow, LOOK, Sign.FOLLOWING),
            ("import", partial(parts.importing.step, self._worker), LOOK / 2, Sign.IMPORT),
            ("judge", parts.judging.work, LOOK / 2, Sign.JUDGE),
            ("links", parts.linking.work, LOOK / 2, Sign.LINKS),
            ("receipts", parts.watch.apply_receipts, 2 * GLANCE, Sign.RECEIPTS),
            ("answers", parts.answering.apply, GLANCE, Sign.REPLIES),
            ("forward", parts.answering.forward, GLANCE, Sign.FORWARD),
            ("reconcile", parts.reconciling.work, LOOK, Sign.RECONCILE),
            ("schedule", parts.reconciling.schedule, _SELDOM, None),
            ("templates", parts.templates.look, parts.templates.each, None),
        )

    def add(
        self,
        name: str,
        work: Callable[[], Awaitable[Any]],
        each: float,
        sign: Sign | None = None,
        is_due: Callable[[], bool] = lambda: False,
    ) -> None:
        """Add a duty of the same kind: see Duty."""
        self._duties.append(Duty(name, work, each, sign, is_due))

    def start(self) -> None:
        self._parts.reconciling.begin()
        self.scheduler.start()
        self.follow_clock()
        self.scheduler.add_job(self._glance, "interval", seconds=GLANCE, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        self._parts.importing.stop()
        self._parts.judging.stop()
        self._parts.linking.stop()
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

    async def _glance(self) -> None:
        with logged("glance"):
            signs = await self._in_thread(self._parts.glance.signs)
            now = self._parts.clock.elapsed()
            for duty in self._duties:
                if duty.waits(signs, now):
                    duty.began_at = now
                    duty.running = asyncio.create_task(self._do(duty))

    async def _do(self, duty: Duty) -> None:
        try:
            with logged(duty.name):
                await duty.work()
        finally:
            duty.running = None
