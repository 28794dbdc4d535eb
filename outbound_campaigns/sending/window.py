"""Decides when a campaign's messages may leave: at most `size` in any window of `interval`."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import instant
from outbound_campaigns.sending.batch_limits import BatchLimit, dump_limits, limits_of

_PARTS = 200
"""parts that an interval is divided into; a message counts as sent at the end of its part"""

_AGE_SHARE = 1 / 8
"""how exactly departures are kept that no limit looks at now: a part is as long as this share of its age"""

LONGEST_INTERVAL = 86_400.0
"""seconds; what left longer ago concerns no limit that a campaign can ever have"""

_FUTURE = 5.0
"""seconds; slices are planned for less time than this"""

_MISPLACED = 60.0
"""seconds by which the end of a planned departure's part may lie after it, if no part is longer"""

Part = tuple[float, int]
"""(its end in seconds since 1970, the messages in it)"""


@dataclass(frozen=True, slots=True)
class BatchWindow:
    """The latest departures, in parts, oldest first; the last of `limits` is the campaign's own.

    Planned departures are entered before they happen, and corrected after.
    """

    limits: tuple[BatchLimit, ...]
    parts: tuple[Part, ...] = ()

    @classmethod
    def load(cls, limits: Sequence[BatchLimit], rows: Iterable[Sequence[float]], now: float) -> BatchWindow:
        """Return the window with the departures that `dump` gave.

        Parts that seem to lie more than a slice in the future come from a clock that has been set
        back since: they count as sent now.
        """
        ahead = max(_FUTURE, *(limit.interval for limit in limits))
        parts: dict[float, int] = {}
        for at, count in rows:
            at = at if at <= now + ahead else now
            parts[at] = parts.get(at, 0) + int(count)
        return cls(tuple(limits), tuple(sorted(parts.items())))

    @classmethod
    def of(cls, campaign: Campaign, now: float) -> BatchWindow:
        last = max((at for at, _ in campaign.window), default=None)
        if campaign.sending_count:
            # What is under way may leave later than it was planned to.
            last = now if last is None else max(last, now)
        return cls.load(limits_of(campaign, last, now), campaign.window, now)

    def keep(self, campaign: Campaign, now: float) -> None:
        """Store the departures and the limits in the campaign's row."""
        campaign.window = self.dump(now)
        campaign.batch_limits = dump_limits(self.limits, now)

    def dump(self, now: float) -> list[list[float]]:
        """Return the departures of the longest interval that a limit can have, the older the coarser."""
        kept: list[list[float]] = []
        for at, count in self.parts:
            if at + LONGEST_INTERVAL <= now:
                continue
            begins = kept[-2][0] if len(kept) > 1 else -math.inf
            if kept and at - begins <= self._longest_part(now - at):
                kept[-1] = [at, kept[-1][1] + count]
            else:
                kept.append([at, count])
        return kept

    def _longest_part(self, age: float) -> float:
        """Return how long a part of that age may be: the limits that still count it need no more."""
        looking = [limit.interval for limit in self.limits if limit.interval > age]
        return min(looking) / _PARTS if looking else age * _AGE_SHARE

    def slots(self, earliest: float, latest: float, spacing: float, most: int) -> list[float]:
        """Return up to `most` times from `earliest` to `latest` for messages to leave, `spacing` apart."""
        gates = [_Gate(limit, self.parts) for limit in self.limits]
        slots: list[float] = []
        at = earliest
        while len(slots) < most:
            for gate in gates:
                at = gate.opens(at)
            if at > latest:
                break
            slots.append(at)
            for gate in gates:
                gate.passes(self._part(at))
            at += spacing
        return slots

    def next_free(self, now: float) -> float:
        """Return when the next message may leave, as far as this window is concerned."""
        return self.slots(now, math.inf, 0.0, 1)[0]

    def sent(self, times: Iterable[float]) -> BatchWindow:
        """Return the window with departures at these times added."""
        parts = dict(self.parts)
        for at in times:
            part = self._part(at)
            parts[part] = parts.get(part, 0) + 1
        return replace(self, parts=tuple(sorted(parts.items())))

    def not_sent(self, times: Iterable[float]) -> BatchWindow:
        """Return the window without departures that were planned for these times.

        The parts may have been merged since, or divided otherwise when the departures were planned.
        """
        ends, counts = [at for at, _ in self.parts], [count for _, count in self.parts]
        farthest = max(_MISPLACED, *(limit.interval / _PARTS for limit in self.limits))
        for at in times:
            planned = self._part(at)
            place = bisect_left(ends, planned)
            if not (place < len(ends) and ends[place] == planned and counts[place]):
                place = next((n for n in range(bisect_left(ends, at), len(ends)) if counts[n]), len(ends))
            if place < len(ends) and ends[place] - at <= farthest:
                counts[place] -= 1
        left = ((at, count) for at, count in zip(ends, counts, strict=True) if count > 0)
        return replace(self, parts=tuple(left))

    def _part(self, at: float) -> float:
        width = self.limits[-1].interval / _PARTS
        return math.ceil(at / width) * width


class _Gate:
    """One limit, and the departures that it still counts."""

    def __init__(self, limit: BatchLimit, parts: Iterable[Part]) -> None:
        self._limit = limit
        self._frees = deque((at + limit.interval, count) for at, count in parts)
        self._room = limit.size - sum(count for _, count in self._frees)

    def opens(self, at: float) -> float:
        """Return when, from `at` on, the limit allows one more."""
        while self._frees and (self._frees[0][0] <= at or self._room <= 0):
            if at >= self._limit.until:
                break
            freed_at, count = self._frees.popleft()
            at = max(at, min(freed_at, self._limit.until))
            self._room += count
        return at

    def passes(self, part: float) -> None:
        """Count a departure in the part that ends then."""
        self._frees.append((part + self._limit.interval, 1))
        self._room -= 1


def last_departure(campaign: Campaign) -> datetime | None:
    """Return when the last message left or is to leave, as far back as the row stores it.

    Late by up to a part of the interval; None where nothing was claimed yet.
    """
    return instant(max(at for at, _ in campaign.window)) if campaign.window else None
