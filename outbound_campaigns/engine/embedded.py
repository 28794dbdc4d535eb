"""The engine for one machine: APScheduler runs a job for each running campaign while this process leads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from outbound_campaigns.engine.campaign_jobs import Jobs
from outbound_campaigns.engine.duties import Duties
from outbound_campaigns.engine.failure_log import logged
from outbound_campaigns.engine.heartbeat import HEARTBEAT
from outbound_campaigns.engine.lease import EngineLease
from outbound_campaigns.engine.parts import Parts
from outbound_campaigns.engine.process import GLANCE, EngineProcess
from outbound_campaigns.sending.abandoned import abandon_others

log = logging.getLogger(__name__)


class EmbeddedEngine(EngineProcess):
    """Stands by until the lease is free, and leads while it holds it, until stopped."""

    def __init__(self, parts: Parts, lease: EngineLease) -> None:
        super().__init__(parts)
        self._lease = lease
        self._terms = count(1)

    async def _serve(self) -> None:
        await self._beat()
        if self._lease.is_valid():
            await self._lead()
        else:
            await self._pause(HEARTBEAT)

    async def _lead(self) -> None:
        parts, name = self._parts, f"{self._parts.worker}:{next(self._terms)}"
        log.info("engine leads", extra={"worker": name})
        dispatcher = self._dispatcher(name, lambda: self._lease.valid_until)
        recording = asyncio.create_task(dispatcher.recorder.run())
        testing = self._testing(lambda: self._lease.valid_until)
        duties = Duties(testing, parts, parts.worker, self._in_duty_thread)
        jobs = Jobs(dispatcher, parts, duties, self._in_thread)
        try:
            take_over = partial(abandon_others, parts.database, name)
            await self._persist(take_over)
            await self._persist(partial(parts.importing.take_over, parts.worker))
            jobs.start()
            duties.start()
            while not self._stopping.is_set() and self._lease.is_valid() and not dispatcher.is_superseded:
                await self._pause(HEARTBEAT)
                if not self._lease.is_valid():
                    break  # another may have led meanwhile: what it claimed has to be put in doubt first
                await self._beat()
                duties.follow_clock()
        finally:
            duties.stop()
            await self._end(dispatcher, self._lease.release)
            recording.cancel()
        log.info("engine stands by or ends", extra={"worker": name})

    async def _persist(self, function: Callable[[], Any]) -> None:
        """Run what must be done before anything is sent, retrying while the database is unavailable."""
        while self._lease.is_valid() and not self._stopping.is_set():
            try:
                await self._unless_stopping(function)
                return
            except Exception as error:
                log.warning("taking over failed, trying again: %s", type(error).__name__)
                await self._pause(GLANCE)
                await self._beat()

    async def _beat(self) -> None:
        with logged("renewing the lease"):
            if not self._progress.is_missing:
                await self._unless_stopping(self._lease.acquire, self._heart)
            elif self._lease.is_valid():
                log.error("nothing gets done here: another engine may lead")
                await self._unless_stopping(self._lease.release, self._heart)
