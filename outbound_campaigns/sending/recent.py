"""Guards a campaign's batch limits in this process, by when each request really began.

A request may begin a little after its departure, so a window of planned departures is not exact.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from outbound_campaigns.sending.batch_limits import BatchLimit
from outbound_campaigns.vonage.fence import Fence


class Recent:
    """A campaign's latest requests; all times, those of the limits too, are on the elapsed clock."""

    def __init__(self, limit: BatchLimit) -> None:
        self._guards = [_Guard(limit, ())]

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
        for guard in self._guards:
            guard.left(fence)

    def hold(self, limits: Iterable[BatchLimit]) -> None:
        """Guard these limits from now on; one that is new counts the requests that are known."""
        known = max((guard.fences for guard in self._guards), key=len, default=())
        guards = {guard.limit[:2]: guard for guard in self._guards}
        held = []
        for limit in limits:
            guard = guards.get(limit[:2]) or _Guard(limit, known)
            guard.limit = limit
            held.append(guard)
        self._guards = held


class _Guard:
    """One limit, and the latest requests, as many as a batch has."""

    def __init__(self, limit: BatchLimit, fences: Iterable[Fence]) -> None:
        self.limit = limit
        self.fences = deque(fences)
        self._last_out = float("-inf")
        """when the latest request began that no longer counts among the last of a batch"""

    def next_at(self, slot: float) -> float | None:
        while len(self.fences) >= self.limit.size:
            fence = self.fences[0]
            if fence.is_open:
                return None
            self.fences.popleft()
            if fence.began_at is not None:
                self._last_out = max(self._last_out, fence.began_at)
        return max(slot, min(self._last_out + self.limit.interval, self.limit.until))

    def left(self, fence: Fence) -> None:
        self.fences.append(fence)
