"""The campaigns that a worker of a cluster sends: taken when a job wakes them, released while they wait."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from datetime import datetime
from functools import partial

from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.duties import InThread
from outbound_campaigns.engine.failure_log import logged
from outbound_campaigns.engine.membership import LONGEST_IDLE, Membership, Standing, TakeResult
from outbound_campaigns.runtime.clock import Clock
from outbound_campaigns.sending.dispatcher import AT_ONCE, Dispatcher

_SOON = 0.25
"""seconds; a campaign that is due again within them is not released"""

_LONGEST_SETTLING = 2.0
"""seconds for which a campaign that is to go on elsewhere sends nothing and waits for its answers"""


class Relay:
    """Sends one worker's campaigns. The database is used in threads, all else runs on one event loop."""

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
        """campaigns that are being taken, sent or released here"""
        self._sending: set[int] = set()
        self._leaving: set[int] = set()
        self._share = 1
        self._letting_go: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def run(self, campaign_id: int) -> None:
        """Send the campaign that a job wakes, if this worker may, until it has to wait."""
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
        """Halt or release campaigns as the rows require; `before` are those sent when the rows were read."""
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
        """Claim nothing more; campaigns still held are released when this worker is removed."""
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
            # No other worker would count what is still under way, so it stays here until that has ended.
            if await self._settles(campaign_id, max(min(wait, LONGEST_IDLE), _LONGEST_SETTLING)):
                await self._let_go(campaign_id, until)
                return
            self._leaving.discard(campaign_id)

    def _is_one_too_many(self) -> bool:
        return len(self._sending) - len(self._leaving) > self._share

    async def _seconds_until(self, until: datetime | None) -> float:
        """Return the seconds left by the database's clock, which may differ from this machine's."""
        if until is None:
            return LONGEST_IDLE
        if until is AT_ONCE:
            return 0.0
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
        """Release a campaign whose job ended without it, as the database or the queue was unavailable."""
        try:
            with logged(f"campaign-{campaign_id}"):
                if await self._settles(campaign_id, LONGEST_IDLE):
                    await self._let_go(campaign_id, None)
        finally:
            self._busy.discard(campaign_id)
