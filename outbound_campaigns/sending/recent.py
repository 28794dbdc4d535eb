"""Guards a campaign's batch limits in this process, by when each request really began.

A request may begin a little after its departure, so a window of planned departures is not exact.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable

from outbound_campaigns.sending.batch_limits import BatchLimit
from outbound_campaigns.vonage.fence import Fence

_KNOWN = 2000
"""requests that a new limit counts; those before them are in the campaign's window as they really began"""


class Recent:
    """A campaign's latest requests; all times, those of the limits too, are on the elapsed clock."""

    def __init__(self, limit: BatchLimit) -> None:
        self._guards = [_Guard(limit, ())]
        self._latest: deque[Fence] = deque(maxlen=_KNOWN)

    def next_at(self, slot: float) -> float | None:
        """Return when the next may leave; None while that depends on one that has departed but not begun."""
        at = slot
        for guard in self._guards:
            allowed = guard.next_at(at)
            if allowed is None:
                return None
            at = allowed
        return at

    def left(self, fence: Fence) -> None:
        """Note that a request has departed."""
        self._latest.append(fence)
        for guard in self._guards:
            guard.left(fence)

    def hold(self, limits: Iterable[BatchLimit], now: float) -> None:
        """Guard these limits from now on; one that is new counts the requests that are known.

        One that is no longer named holds on while its latest request counts: that may have left late, and
        whoever named the limits could not know yet. Must be called when all that was claimed under the limits
        before has departed.
        """
        guards = {guard.limit[:2]: guard for guard in self._guards}
        held = []
        for limit in limits:
            guard = guards.pop(limit[:2], None) or _Guard(limit, self._latest)
            guard.hold(limit)
            held.append(guard)
        for guard in guards.values():
            guard.hold(guard.limit._replace(until=min(guard.limit.until, now)))
        self._guards = [*(guard for guard in guards.values() if guard.counts_after(now)), *held]


class _Guard:
    """One limit, and the latest requests, as many as a batch has."""

    def __init__(self, limit: BatchLimit, fences: Iterable[Fence]) -> None:
        self.limit = limit
        self.fences = deque(fences)
        self._last_out = float("-inf")
        """when the latest request began that no longer counts among the last of a batch"""
        self._last_under: Fence | None = None
        """the last request that departed under this limit, once it has been replaced"""

    def hold(self, limit: BatchLimit) -> None:
        """Take the limit's end, if it has been replaced since; that is counted from planned departures."""
        if limit.until != math.inf and self.limit.until == math.inf and self.fences:
            self._last_under = self.fences[-1]
        self.limit = limit

    def next_at(self, slot: float) -> float | None:
        if self._last_under is not None and self._last_under.is_open:
            return None
        while len(self.fences) >= self.limit.size:
            fence = self.fences[0]
            if fence.is_open:
                return None
            self.fences.popleft()
            if fence.began_at is not None:
                self._last_out = max(self._last_out, fence.began_at)
        return max(slot, min(self._last_out + self.limit.interval, self._until))

    def counts_after(self, now: float) -> bool:
        """Return whether the last request under this limit, which was replaced, still counts after `now`."""
        return self._last_under is not None and (self._last_under.is_open or self._until > now)

    @property
    def _until(self) -> float:
        began = None if self._last_under is None else self._last_under.began_at
        return self.limit.until if began is None else max(self.limit.until, began + self.limit.interval)

    def left(self, fence: Fence) -> None:
        self.fences.append(fence)
