"""The engine's part in test messages: it sends them one by one, through the same gateway as all others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from outbound_campaigns.database.transactions import Database
from outbound_campaigns.runtime.clock import Clock
from outbound_campaigns.sending import test_sends
from outbound_campaigns.vonage.fence import Fence
from outbound_campaigns.vonage.gateway import Gateway
from outbound_campaigns.vonage.senders import Senders


@dataclass(frozen=True, slots=True)
class TestMessages:
    """Sends test messages whenever the engine's job calls it."""

    database: Database
    gateway: Gateway
    senders: Senders
    clock: Clock
    request_timeout: float
    valid_until: Callable[[], float]
    """until when, on the elapsed clock, this worker may send at all"""

    async def step(self, in_thread: Callable[[Callable[[], Any]], Awaitable[Any]]) -> None:
        """Send the test messages that wait, as long as pace and breaker allow."""
        while True:
            mark = self.clock.elapsed()
            claim = partial(test_sends.claim, self.database, self.senders, self.request_timeout)
            claimed: test_sends.ClaimedTest | None = await in_thread(claim)
            if claimed is None:
                return
            deadline = mark + (claimed.until - claimed.now).total_seconds()
            fence = Fence(self.clock.elapsed, lambda end=deadline: min(end, self.valid_until()))  # type: ignore[misc]
            outcome = await self.gateway.send(claimed.sender, claimed.message, fence)
            await in_thread(partial(test_sends.record, self.database, claimed.id, outcome))
