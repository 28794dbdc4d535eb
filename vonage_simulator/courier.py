"""Posts receipts when they are due, and again after no answer, 429 or 5xx."""

import asyncio
import heapq
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from typing import NamedTuple

import aiohttp

from vonage_simulator.accounts import Account
from vonage_simulator.merging import merged
from vonage_simulator.receipts import Receipt, ReceiptSettings, Step, end_of, planned, steps_of
from vonage_simulator.webhooks import Sent, signed_headers, status_body


@dataclass(slots=True)
class Tally:
    """What became of the receipts: `taken` were answered by a 2xx, `refused` by another final answer."""

    taken: int = 0
    refused: int = 0
    retried: int = 0
    given_up: int = 0
    dropped: int = 0
    waiting: int = 0


class _Pending(NamedTuple):
    due: float
    number: int
    sent: Sent
    receipt: Receipt
    tries: int


class Courier:
    """Holds the receipts that wait, and posts those that are due, a limited number at a time."""

    def __init__(self, settings: ReceiptSettings, seed: int = 0) -> None:
        self.settings = settings
        self._draw = Random(seed)
        self._queue: list[_Pending] = []
        self._tally = Tally()
        self._number = 0
        self._under_way: set[asyncio.Task[None]] = set()

    def change(self, changes: Mapping[str, object]) -> None:
        """Merge changes into the settings; raises ValueError. Receipts already planned stay as they are."""
        self.settings = merged(self.settings, changes)

    def tally(self) -> Tally:
        """Return the counts so far; `waiting` includes those being posted."""
        return replace(self._tally, waiting=len(self._queue) + len(self._under_way))

    def schedule(self, sent: Sent, rejection: str = "") -> Step:
        """Plan the receipts of an accepted message; call it in the running loop. Returns how it ends."""
        steps = steps_of(self.settings, self._draw, rejection)
        if self.settings.on and sent.url:
            self._plan(sent, steps)
        return end_of(steps)

    def _plan(self, sent: Sent, steps: Sequence[Step]) -> None:
        now = asyncio.get_running_loop().time()
        for receipt in planned(self.settings, self._draw, steps):
            if len(self._queue) < self.settings.queue_limit:
                self._push(_Pending(now + receipt.after, 0, sent, receipt, 0))
            else:
                self._tally.dropped += 1

    async def start(self) -> None:
        """Begin to post, until stop()."""
        self._slots = asyncio.Semaphore(self.settings.concurrency)
        self._woken = asyncio.Event()
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self.settings.timeout),
        )
        self._loop_task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop posting; everything that still waits is dropped."""
        tasks = [self._loop_task, *self._under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()

    async def post(self, url: str, account: Account, body: bytes, signed: bool = True) -> int:
        """Post a webhook now. Returns the status of the answer, 0 for none."""
        headers = signed_headers(account if signed else replace(account, signature_secret=""), body)
        try:
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return 0

    def _push(self, pending: _Pending) -> None:
        # The running number keeps the heap from comparing messages.
        self._number += 1
        heapq.heappush(self._queue, pending._replace(number=self._number))
        if self._queue[0].number == self._number:
            self._woken.set()

    async def _run(self) -> None:
        while True:
            await self._slots.acquire()
            await self._until_one_is_due()
            task = asyncio.create_task(self._post(heapq.heappop(self._queue)))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _until_one_is_due(self) -> None:
        while not self._queue or self._queue[0].due > asyncio.get_running_loop().time():
            self._woken.clear()
            due = self._queue[0].due if self._queue else None
            with suppress(TimeoutError):
                async with asyncio.timeout_at(due):
                    await self._woken.wait()

    async def _post(self, pending: _Pending) -> None:
        sent, receipt = pending.sent, pending.receipt
        body = status_body(sent, receipt.status, receipt.code, receipt.integer_title)
        try:
            self._settle(pending, await self.post(sent.url, sent.account, body, receipt.signed))
        finally:
            self._slots.release()

    def _settle(self, pending: _Pending, status: int) -> None:
        """Count the answer, or plan another try: Vonage tries again only after no answer, 429 or 5xx."""
        waits = self.settings.retry_waits
        if status not in (0, 429) and status < 500:
            self._tally.taken += 200 <= status < 300
            self._tally.refused += not 200 <= status < 300
        elif pending.tries < len(waits):
            self._tally.retried += 1
            due = asyncio.get_running_loop().time() + waits[pending.tries]
            self._push(pending._replace(due=due, tries=pending.tries + 1))
        else:
            self._tally.given_up += 1
