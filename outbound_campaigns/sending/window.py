"""Decides when a campaign's messages may leave: at most `size` in any window of `interval`."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import instant

_PARTS = 200
"""parts that an interval is divided into; a message counts as sent at the end of its part"""


@dataclass(frozen=True, slots=True)
class BatchWindow:
    """The latest departures: ((end of a part in seconds since 1970, messages), …), oldest first.

    `interval` is in seconds. Planned departures are entered before they happen, and corrected after.
    """

    size: int
    interval: float
    parts: tuple[tuple[float, int], ...] = ()

    @classmethod
    def load(cls, size: int, interval: float, rows: Iterable[Iterable[float]], now: float) -> BatchWindow:
        """Return the window stored in a campaign's row.

        Parts that seem to lie more than a slice in the future come from a clock that has been set
        back since: they count as sent now.
        """
        parts: dict[float, int] = {}
        for at, count in rows:
            at = at if at <= now + max(interval, _FUTURE) else now
            parts[at] = parts.get(at, 0) + int(count)
        return cls(size, interval, tuple(sorted(parts.items())))

    @classmethod
    def of(cls, campaign: Campaign, now: float) -> BatchWindow:
        return cls.load(campaign.batch_size, campaign.batch_interval_ms / 1000, campaign.window, now)

    def dump(self, now: float) -> list[list[float]]:
        """Return what still counts at `now`, to be stored in the campaign's row."""
        return [[at, count] for at, count in self.parts if at + self.interval > now]

    def slots(self, earliest: float, latest: float, spacing: float, most: int) -> list[float]:
        """Return up to `most` times from `earliest` to `latest` for messages to leave, `spacing` apart."""
        frees = deque((at + self.interval, count) for at, count in self.parts)
        room = self.size - sum(count for _, count in frees)
        slots: list[float] = []
        at = earliest
        while len(slots) < most:
            while frees and (frees[0][0] <= at or room <= 0):
                freed_at, count = frees.popleft()
                at = max(at, freed_at)
                room += count
            if at > latest:
                break
            slots.append(at)
            frees.append((self._part(at) + self.interval, 1))
            room -= 1
            at += spacing
        return slots

    def next_free(self, now: float) -> float:
        """Return when the next message may leave, as far as this window is concerned."""
        return self.slots(now, math.inf, 0.0, 1)[0]

    def sent(self, times: Iterable[float]) -> BatchWindow:
        """Return the window with departures at these times added."""
        return self._changed(times, +1)

    def not_sent(self, times: Iterable[float]) -> BatchWindow:
        """Return the window without departures that were planned for these times."""
        return self._changed(times, -1)

    def _changed(self, times: Iterable[float], step: int) -> BatchWindow:
        parts = dict(self.parts)
        for at in times:
            part = self._part(at)
            parts[part] = parts.get(part, 0) + step
        kept = tuple(sorted((at, count) for at, count in parts.items() if count > 0))
        return BatchWindow(self.size, self.interval, kept)

    def _part(self, at: float) -> float:
        width = self.interval / _PARTS
        return math.ceil(at / width) * width


def last_departure(campaign: Campaign) -> datetime | None:
    """Return when the last message left or is to leave, which the row stores at least until the next claim.

    Late by up to a part of the interval; None where nothing was claimed yet.
    """
    return instant(max(at for at, _ in campaign.window)) if campaign.window else None


_FUTURE = 5.0
"""seconds; slices are planned for less time than this"""
