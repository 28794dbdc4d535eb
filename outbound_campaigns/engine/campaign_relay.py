"""The campaigns that one worker of a cluster sends: taken when a job wakes them, let go while they wait."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime
from functools import partial

from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.duties import InThread, logged
from outbound_campaigns.engine.membership import LONGEST_IDLE, Membership, Standing, TakeResult
from outbound_campaigns.runtime.clock import Clock
from outbound_campaigns.sending.dispatcher import Dispatcher

_SOON = 0.25
"""seconds for which a campaign is not let go"""

_LONGEST_SETTLING = 2.0
"""seconds for which nothing of a campaign is sent that is to go on elsewhere, waiting for its answers"""


class Relay:
    """Everything here runs on one event loop; the database in threads."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        membership: Membership,
        database: Database,
        clock: Clock,
        in_thread: InThread,
    ) -> None:
        self._dispatcher = dispatcher
        self._membership = membership
        self._database = database
        self._clock = clock
        self._in_thread = in_thread
        self._busy: set[int] = set()
        """campaigns for which something is being done here"""
        self._sending: set[int] = set()
        self._leaving: set[int] = set()
        self._share = 1
        self._letting_go: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def run(self, campaign_id: int) -> None:
        """What a job does: send the campaign, if this worker may, until it has to wait."""
        if campaign_id in self._busy or not self._may_send:
            return
        self._busy.add(campaign_id)
        try:
            with logged(f"campaign-{campaign_id}"):
                if await self._in_thread(partial(self._membership.take, campaign_id)) is TakeResult.YES:
                    await self._send(campaign_id)
        finally:
            self._busy.discard(campaign_id)
            self._sending.discard(campaign_id)
            self._leaving.discard(campaign_id)

    @property
    def sending(self) -> frozenset[int]:
        return frozenset(self._sending)

    def follow(self, before: Collection[int], standing: Standing) -> None:
        """Do as the rows say: `before` was sent when they were asked."""
        self._share = max(1, standing.share)
        for campaign_id in before:
            if campaign_id not in standing.campaigns:
                self._dispatcher.halt(campaign_id)
        for campaign_id in (standing.campaigns | standing.stopped) - self._busy:
            self._busy.add(campaign_id)
            task = asyncio.create_task(self._let_go_of(campaign_id))
            self._letting_go.add(task)
            task.add_done_callback(self._letting_go.discard)

    def stop(self) -> None:
        """Claim nothing more; what is held is let go by who strikes this worker off."""
        self._stopping = True

    @property
    def _may_send(self) -> bool:
        return not self._stopping and self._membership.is_valid()

    async def _send(self, campaign_id: int) -> None:
        self._sending.add(campaign_id)
        while self._may_send:
            until = await self._dispatcher.run_batch(campaign_id)
            wait = await self._seconds_until(until)
            if wait <= _SOON and not self._is_one_too_many():
                await self._clock.sleep(max(wait, 0.0))
                continue
            self._leaving.add(campaign_id)
            # What is still under way would count for nobody, so it goes on here until that has ended.
            if await self._settles(campaign_id, max(min(wait, LONGEST_IDLE), _LONGEST_SETTLING)):
                await self._let_go(campaign_id, until)
                return
            self._leaving.discard(campaign_id)

    def _is_one_too_many(self) -> bool:
        return len(self._sending) - len(self._leaving) > self._share

    async def _seconds_until(self, until: datetime | None) -> float:
        """By the database's clock, which may differ from this machine's."""
        if until is None:
            return LONGEST_IDLE
        now: datetime = await self._in_thread(self._database.read_clock)
        return (until - now).total_seconds()

    async def _settles(self, campaign_id: int, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._dispatcher.settle(campaign_id)
        except TimeoutError:
            return False
        return True

    async def _let_go(self, campaign_id: int, until: datetime | None) -> None:
        self._dispatcher.forget(campaign_id)
        await self._in_thread(partial(self._membership.let_go, campaign_id, until))

    async def _let_go_of(self, campaign_id: int) -> None:
        """A campaign whose job has ended without that, the database or the queue having been away."""
        try:
            with logged(f"campaign-{campaign_id}"):
                if await self._settles(campaign_id, LONGEST_IDLE):
                    await self._let_go(campaign_id, None)
        finally:
            self._busy.discard(campaign_id)
