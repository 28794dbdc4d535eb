"""The engine for many machines: each worker sends the campaigns that the queue wakes, and one leads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from functools import partial
from itertools import count

from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.campaign_relay import Relay
from outbound_campaigns.engine.duties import LOOK, Duties
from outbound_campaigns.engine.failure_log import logged
from outbound_campaigns.engine.heartbeat import EXPIRES, HEARTBEAT
from outbound_campaigns.engine.lease import EngineLease, embedded_engine_leads
from outbound_campaigns.engine.membership import Membership, remove, the_dead
from outbound_campaigns.engine.parts import Parts
from outbound_campaigns.engine.permit import Permit
from outbound_campaigns.engine.process import GLANCE, EngineProcess
from outbound_campaigns.engine.queue import Queue, wake_forgotten
from outbound_campaigns.sending.abandoned import abandon_of

log = logging.getLogger(__name__)


class ClusterEngine(EngineProcess):
    """Joins, sends its share, and leaves when stopped; after missing its heartbeats it joins again."""

    def __init__(self, parts: Parts, queue: Queue, expires: float = EXPIRES) -> None:
        super().__init__(parts)
        self._queue = queue
        self._expires = expires
        self._permit = Permit(parts.database)
        self._terms = count(1)
        self._duties: Duties | None = None

    async def _serve(self) -> None:
        database, elapsed = self._parts.database, self._parts.clock.elapsed
        name = f"{self._parts.worker}:{next(self._terms)}"
        membership = Membership(database, name, elapsed, self._expires)
        with logged("joining"):
            if await self._unless_stopping(self._may_join, self._heart):
                await self._unless_stopping(membership.join, self._heart)
        if membership.is_valid():
            await self._work(membership)
        else:
            await self._pause(HEARTBEAT)

    def _may_join(self) -> bool:
        if not self._permit.granted():
            return False
        if embedded_engine_leads(self._parts.database):
            log.error("an embedded engine sends from this database; set OUTBOUND_ENGINE=cluster there")
            return False
        return True

    async def _work(self, membership: Membership) -> None:
        """Serve one term: until stopped, or too late with a heartbeat."""
        parts, name = self._parts, membership.name
        log.info("worker joins", extra={"worker": name})
        dispatcher = self._dispatcher(name, lambda: membership.valid_until)
        lease = EngineLease(parts.database, name, parts.clock.elapsed, self._expires)
        relay = Relay(dispatcher, membership, parts.database, parts.clock, self._in_thread)
        tasks = [
            asyncio.create_task(dispatcher.recorder.run()),
            asyncio.create_task(self._queue.work(relay.run)),
            asyncio.create_task(self._look_after_the_dead()),
        ]
        recording, *others = tasks
        try:
            while not self._stopping.is_set() and membership.is_valid() and not dispatcher.is_superseded:
                await self._beat(membership, lease, relay)
                await self._lead(lease)
                await self._pause(HEARTBEAT)
        finally:
            relay.stop()
            self._follow()
            await self._cancel(others)
            await self._end(dispatcher, partial(self._leave, lease))
            recording.cancel()
        log.info("engine stands by or ends", extra={"worker": name})

    async def _cancel(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Cancel tasks and wait for them, but not for the database when this process has to end."""
        for task in tasks:
            task.cancel()
        ended = asyncio.gather(*tasks, return_exceptions=True)
        while not ended.done() and not self._stopping.is_set():
            await asyncio.wait((ended,), timeout=GLANCE)
        await asyncio.wait((ended,), timeout=GLANCE)

    async def _beat(self, membership: Membership, lease: EngineLease, relay: Relay) -> None:
        if self._progress.is_missing:
            log.error("nothing gets done here: other workers may take over")
            membership.give_up()
            return
        with logged("heartbeat"):
            before = relay.sending
            if await self._unless_stopping(self._permit.granted, self._heart) is False:
                membership.give_up()
                return
            standing = await self._unless_stopping(membership.renew, self._heart)
            if standing is not None:
                relay.follow(before, standing)
                await self._unless_stopping(lease.acquire, self._heart)

    async def _lead(self, lease: EngineLease) -> None:
        """Begin the leader's duties, or give them up, as the lease requires."""
        if self._duties is not None and lease.is_valid():
            self._duties.follow_clock()
        elif self._duties is not None:
            self._follow()
        elif lease.is_valid():
            with logged("leading"):
                await self._unless_stopping(partial(self._parts.importing.take_over, lease.holder))
                testing = self._testing(lambda: lease.valid_until)
                duties = Duties(testing, self._parts, lease.holder, self._in_duty_thread)
                duties.add("watch", self._look, LOOK)
                duties.start()
                self._duties = duties
                log.info("engine leads", extra={"worker": lease.holder})

    def _follow(self) -> None:
        if self._duties is not None:
            self._duties.stop()
            self._duties = None

    async def _look(self) -> None:
        await self._in_thread(partial(wake_forgotten, self._parts.database))
        await self._queue.remove_stalled()

    async def _look_after_the_dead(self) -> None:
        """Retire dead workers, repeatedly. Every worker does, so that it does not depend on the leader."""
        while True:
            with logged("looking after the dead"):
                await self._in_thread(partial(retire_the_dead, self._parts.database))
            await asyncio.sleep(HEARTBEAT)

    def _leave(self, lease: EngineLease) -> None:
        lease.release()
        retire(self._parts.database, [lease.holder])


def retire_the_dead(database: Database) -> None:
    """Retire the workers that have expired."""
    dead = the_dead(database)
    if dead:
        log.warning("workers are dead, their campaigns go on elsewhere", extra={"workers": list(dead)})
        retire(database, dead)


def retire(database: Database, workers: Collection[str]) -> None:
    """Put in doubt what these workers had claimed, and only then release their campaigns to others."""
    abandon_of(database, workers)
    remove(database, workers)
