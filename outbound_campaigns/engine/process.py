"""The common base of both engines: threads for the database, and an orderly end of the sending."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from outbound_campaigns.engine.parts import Parts
from outbound_campaigns.engine.progress import Progress
from outbound_campaigns.engine.test_messages import TestMessages
from outbound_campaigns.sending.dispatcher import Dispatcher

ANSWERS_AWAITED = 12.0
"""seconds that a stop waits for answers"""

_LAST_WORDS = 5.0
"""seconds that a stop waits for the database"""

GLANCE = 0.5
"""seconds between two tries"""

log = logging.getLogger(__name__)


class EngineProcess(ABC):
    """Runs on one event loop until stopped; whatever waits for the database does so in threads."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._threads = ThreadPoolExecutor(8, "sending")
        # Neither the sending nor the heartbeat must wait behind other work, such as a slow Botpress.
        self._duty_threads = ThreadPoolExecutor(12, "duties")
        self._heart = ThreadPoolExecutor(1, "heart")
        self._stopping = asyncio.Event()
        self._progress = Progress(self._in_thread, parts.clock.elapsed)

    def stop(self) -> None:
        """Wait for requests in flight, record them, and end. Must be called on the event loop."""
        self._stopping.set()

    async def run(self) -> None:
        """Serve until stopped."""
        watch = asyncio.create_task(self._progress.watch())
        try:
            while not self._stopping.is_set():
                await self._serve()
        finally:
            watch.cancel()
            for threads in (self._threads, self._duty_threads, self._heart):
                threads.shutdown(wait=False, cancel_futures=True)

    @abstractmethod
    async def _serve(self) -> None:
        """Do this process's part as long as it may."""
        ...

    def _dispatcher(self, worker: str, valid_until: Callable[[], float]) -> Dispatcher:
        parts = self._parts
        return Dispatcher(
            parts.database,
            parts.gateway,
            parts.senders,
            parts.clock,
            worker,
            self._in_thread,
            parts.most_in_flight,
            valid_until,
        )

    def _testing(self, valid_until: Callable[[], float]) -> TestMessages:
        parts = self._parts
        timeout = parts.watch.request_timeout
        return TestMessages(parts.database, parts.gateway, parts.senders, parts.clock, timeout, valid_until)

    async def _end(self, dispatcher: Dispatcher, then: Callable[[], Any]) -> None:
        """Stop sending, then run `then` in a thread.

        Outcomes are recorded however long that takes, unless this process has to end.
        """
        stopped = asyncio.create_task(dispatcher.stop(ANSWERS_AWAITED))
        while not stopped.done() and not self._stopping.is_set():
            await self._pause(GLANCE)
        try:
            async with asyncio.timeout(ANSWERS_AWAITED + _LAST_WORDS):
                await stopped
                await self._in_thread(then)
        except Exception as error:
            # Others will find what is not recorded now still claimed, and put it in doubt.
            log.warning("engine ended without the database: %s", type(error).__name__)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _unless_stopping(
        self, function: Callable[[], Any], threads: ThreadPoolExecutor | None = None
    ) -> Any:
        """Run in a thread; return None at once when stopped, since a locked database may take a minute."""
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

    async def _in_duty_thread(self, function: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._duty_threads, function)
