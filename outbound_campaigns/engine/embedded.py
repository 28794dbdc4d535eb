"""The engine of one machine: APScheduler runs a job for each running campaign while this process leads."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from outbound_campaigns.engine.jobs import Jobs, Parts
from outbound_campaigns.engine.testing import Testing
from outbound_campaigns.lease import HEARTBEAT, EngineLease
from outbound_campaigns.sending.abandoned import abandon_others
from outbound_campaigns.sending.dispatcher import Dispatcher

PATIENCE = 12.0
"""seconds that a stop waits for answers"""

_LAST_WORDS = 5.0
"""seconds that a stop waits for the database"""

log = logging.getLogger(__name__)


class EmbeddedEngine:
    """Stands by until the lease is free, leads while it holds it, and stops when told."""

    def __init__(self, parts: Parts, lease: EngineLease) -> None:
        self._parts = parts
        self._lease = lease
        self._threads = ThreadPoolExecutor(8, "database")
        # The heartbeat must not wait behind other work.
        self._heart = ThreadPoolExecutor(1, "lease")
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Let requests in flight end, record them, and end; to be called on the event loop."""
        self._stopping.set()

    async def run(self) -> None:
        """Until stopped."""
        try:
            while not self._stopping.is_set():
                if await self._acquire():
                    await self._lead()
                else:
                    await self._pause(HEARTBEAT)
        finally:
            for threads in (self._threads, self._heart):
                threads.shutdown(wait=False, cancel_futures=True)

    async def _lead(self) -> None:
        log.info("engine leads", extra={"worker": self._parts.worker})
        dispatcher = self._dispatcher()
        recording = asyncio.create_task(dispatcher.recorder.run())
        jobs = Jobs(dispatcher, self._testing(), self._parts, self._in_thread)
        try:
            await self._persist(partial(abandon_others, self._parts.database, self._parts.worker))
            await self._persist(partial(self._parts.importing.take_over, self._parts.worker))
            jobs.start()
            while not self._stopping.is_set() and self._lease.is_held():
                await self._pause(HEARTBEAT)
                if not self._lease.is_held():
                    break  # another may have led meanwhile: what it claimed has to be looked after
                await self._acquire()
                jobs.follow_clock()
        finally:
            jobs.stop()
            await self._leave(dispatcher)
            recording.cancel()
        log.info("engine stands by or ends", extra={"worker": self._parts.worker})

    def _dispatcher(self) -> Dispatcher:
        parts = self._parts
        return Dispatcher(
            parts.database,
            parts.gateway,
            parts.senders,
            parts.clock,
            parts.worker,
            self._in_thread,
            parts.most_in_flight,
            lambda: self._lease.valid_until,
        )

    def _testing(self) -> Testing:
        parts = self._parts
        return Testing(
            parts.database,
            parts.gateway,
            parts.senders,
            parts.clock,
            parts.watch.request_timeout,
            lambda: self._lease.valid_until,
        )

    async def _leave(self, dispatcher: Dispatcher) -> None:
        """Stop sending. Outcomes are recorded however long it takes, unless this process has to end."""
        self._parts.importing.stop()
        self._parts.reconciling.stop()
        stopped = asyncio.create_task(dispatcher.stop(PATIENCE))
        while not stopped.done() and not self._stopping.is_set():
            await self._pause(HEARTBEAT)
        try:
            async with asyncio.timeout(PATIENCE + _LAST_WORDS):
                await stopped
                await self._in_thread(self._lease.release)
        except Exception as error:
            # What is not recorded now, the next engine finds claimed and puts in doubt.
            log.warning("engine ended without the database: %s", type(error).__name__)

    async def _acquire(self) -> bool:
        try:
            held = bool(await self._unless_stopping(self._lease.acquire, self._heart))
        except Exception as error:
            log.warning("the lease could not be renewed: %s", type(error).__name__)
            return False
        return held

    async def _persist(self, function: Callable[[], Any]) -> None:
        """Do what must be done before anything is sent, however often the database is away."""
        while self._lease.is_held() and not self._stopping.is_set():
            try:
                await self._unless_stopping(function)
                return
            except Exception as error:
                log.warning("taking over failed, trying again: %s", type(error).__name__)
                await self._pause(0.5)
                await self._acquire()

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _unless_stopping(
        self, function: Callable[[], Any], threads: ThreadPoolExecutor | None = None
    ) -> Any:
        """As _in_thread; None at once when told to stop, since a locked database may take a minute."""
        loop = asyncio.get_running_loop()
        work = asyncio.ensure_future(loop.run_in_executor(threads or self._threads, function))
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait((work, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if work.done():
            return work.result()
        work.cancel()
        return None

    async def _in_thread(self, function: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function)
