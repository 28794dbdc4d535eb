"""Judges whether batches were kept apart: at most `size` requests in any `interval`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

TOLERANCE = 0.010
"""seconds"""


class Left(NamedTuple):
    """A request: when it left, in seconds, and the limit under which it was claimed."""

    at: float
    size: int
    interval: float
    """seconds"""


def too_close(left: Sequence[Left]) -> list[Left]:
    """The requests with more than `size` in the interval that begins or ends with them."""
    times = sorted(request.at for request in left)
    return [request for request in left if _most_around(times, request) > request.size]


def _most_around(times: Sequence[float], request: Left) -> int:
    interval = request.interval - TOLERANCE
    before = bisect_right(times, request.at) - bisect_right(times, request.at - interval)
    after = bisect_left(times, request.at + interval) - bisect_left(times, request.at)
    return max(before, after)
