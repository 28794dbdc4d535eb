"""The batch limits that hold for a campaign: its own, and those before an edit until they have passed.

A limit says that at most `size` messages leave within any `interval`. One that an operator has replaced still
holds for the intervals in which a message left under it. The new one holds at once, and counts what left
before.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from outbound_campaigns.database.models import Campaign


class BatchLimit(NamedTuple):
    """At most `size` messages in any window of `interval` seconds; `until` is in seconds since 1970."""

    size: int
    interval: float
    until: float = math.inf

    def implies(self, other: BatchLimit) -> bool:
        """Return whether who keeps this limit keeps the other, too."""
        return self.size <= other.size and self.interval >= other.interval and self.until >= other.until


def limits_of(campaign: Campaign, last_departure: float | None, now: float) -> tuple[BatchLimit, ...]:
    """Return the limits that hold at `now`; the last is the campaign's own.

    An edit is seen here, with the first claim after it: nothing has left since under the new values.
    """
    own = BatchLimit(campaign.batch_size, campaign.batch_interval_ms / 1000)
    limits: list[BatchLimit] = [own]
    loaded = (_loaded(row, last_departure) for row in campaign.batch_limits)
    # Those that end last come first, since only they can imply others.
    for one in sorted(loaded, key=lambda limit: -limit.until):
        if one.until > now and not any(kept.implies(one) for kept in limits):
            limits.append(one)
    return tuple(reversed(limits))


def dump_limits(limits: Iterable[BatchLimit], now: float) -> list[list[float | None]]:
    """Return what is stored in the campaign's row; its own limit, which is the last, without an end."""
    return [
        [size, interval, None if until == math.inf else until]
        for size, interval, until in limits
        if until > now
    ]


def extend(
    rows: Sequence[Sequence[float | None]], left: Iterable[tuple[float, float]]
) -> list[list[float | None]]:
    """Return stored limits of which those that were replaced end later, if a message under them left late.

    `left` has (planned, real) departures.
    """
    left, extended = list(left), []
    for size, interval, until in rows:
        if until is not None and interval is not None:
            under = (real + interval for planned, real in left if planned <= until - interval)
            until = max((until, *under))
        extended.append([size, interval, until])
    return extended


def _loaded(row: Sequence[float | None], last_departure: float | None) -> BatchLimit:
    size, interval, until = row
    size, interval = int(size or 0), float(interval or 0)
    if until is None:
        # The campaign's own when it was stored. If it still is, the campaign's values imply it.
        until = -math.inf if last_departure is None else last_departure + interval
    return BatchLimit(size, interval, until)
