"""Queues the results of attempts: recorded in batches, in the order of the answers, until it succeeds."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from itertools import islice

from sqlalchemy.exc import ProgrammingError

from outbound_campaigns.database.transactions import is_unavailable
from outbound_campaigns.domain.backoff import backoff
from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.sending.record import Recorded
from outbound_campaigns.sending.results import Result

RESULTS_AT_ONCE = 500
"""results in one transaction"""

FIRST_RECORD_WAIT, LONGEST_RECORD_WAIT = 0.1, 2.0
"""seconds until what could not be recorded is tried again; twice as long each time"""

GATHER = 0.4
"""seconds for which results wait to share a transaction, unless one of them or a caller can't wait"""

MOST_GATHERED = 32
"""results that wait for others; a kill of this process puts them in doubt with those in flight"""

Key = tuple[int, str]
"""campaign and account"""

PutSoFar = Mapping[Key, int]
"""how many results had come for each key by some moment"""

log = logging.getLogger(__name__)


class Recorder:
    """Queues results for the database. They wait here while it is unavailable.

    Only a result that no database accepts is given up, with a line in the log: its row will be in doubt.
    """

    def __init__(
        self,
        record_batch: Callable[[Sequence[Result]], Awaitable[Recorded]],
        sleep: Callable[[float], Awaitable[None]],
        on_recorded: Callable[[Recorded], None],
    ) -> None:
        self._record = record_batch
        self._sleep = sleep
        self._on_recorded = on_recorded
        self._waiting: dict[Key, deque[Result]] = {}
        self._done: Counter[Key] = Counter()
        self._arrived = asyncio.Event()
        self._progress = asyncio.Event()
        self._awaited = asyncio.Event()
        self._under_way = 0
        """results that are being recorded"""

    def put(self, result: Result) -> None:
        """Queue a result to be recorded."""
        key = (result.campaign_id, result.sender.account)
        self._waiting.setdefault(key, deque()).append(result)
        self._arrived.set()
        # Whatever is not accepted may have to stop others.
        is_trouble = result.outcome.kind is not OutcomeKind.ACCEPTED
        if is_trouble or self.unrecorded - self._under_way >= MOST_GATHERED:
            self._awaited.set()

    @property
    def unrecorded(self) -> int:
        """Return how many results wait to be recorded, or are being recorded."""
        return sum(map(len, self._waiting.values()))

    def put_so_far(self) -> PutSoFar:
        """Return how many results have come so far, for a later `settle`."""
        return {key: self._done[key] + len(results) for key, results in self._waiting.items()}

    async def settle(self, put: PutSoFar | None = None) -> None:
        """Wait until these, or else all results put so far, are recorded, however long that takes."""
        goals = self.put_so_far() if put is None else put
        while any(self._done[key] < goal for key, goal in goals.items()):
            self._awaited.set()
            await self._progress.wait()

    async def run(self) -> None:
        """Record results for ever."""
        failures, most = 0, RESULTS_AT_ONCE
        while True:
            await self._arrived.wait()
            await self._gather()
            key, results = next(iter(self._waiting.items()))
            batch = list(islice(results, most))
            self._under_way = len(batch)
            try:
                recorded = await self._record(batch)
            except Exception as error:
                if _lies_in_the_results(error):
                    most = self._narrow(key, batch, error)
                    continue
                wait = backoff(failures, FIRST_RECORD_WAIT, LONGEST_RECORD_WAIT)
                failures += 1
                log.warning("recording failed, trying again in %.1f s: %s", wait, type(error).__name__)
                # To the end of the queue: perhaps only this campaign is locked.
                self._waiting[key] = self._waiting.pop(key)
                await self._sleep(wait)
                continue
            failures, most = 0, RESULTS_AT_ONCE
            self._drop(key, len(batch))
            self._on_recorded(recorded)

    async def _gather(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GATHER):
                await self._awaited.wait()
        self._awaited.clear()

    def _narrow(self, key: Key, batch: Sequence[Result], error: Exception) -> int:
        """Return how many to record next, to find the one result that no database accepts and give it up."""
        if len(batch) > 1:
            return len(batch) // 2
        log.error("a result can't be recorded; its row will be in doubt: %s", type(error).__name__)
        self._drop(key, 1)
        return RESULTS_AT_ONCE

    def _drop(self, key: Key, count: int) -> None:
        results = self._waiting.pop(key)
        for _ in range(count):
            results.popleft()
        if results:
            # To the end of the queue, so that one campaign's burst does not hold up another's results.
            self._waiting[key] = results
        if not self._waiting:
            self._arrived.clear()
        self._done[key] += count
        self._under_way = 0
        self._progress.set()
        self._progress = asyncio.Event()


def _lies_in_the_results(error: Exception) -> bool:
    """Return whether retrying is useless. Missing tables or rights affect all results, and may be fixed."""
    return not is_unavailable(error) and not isinstance(error, ProgrammingError)
