"""Lets messages leave up to the worker's departure mark, and moves the mark in time before them.

How far decides how many rows are in doubt if this process is killed: those that may leave and have not, and
those that were answered and are not recorded, are together at most what MOST_DOUBTFUL or DOUBTFUL_LASTS says,
or AT_WORST_LASTS while results are slow to be recorded.
"""

from __future__ import annotations

import asyncio
import logging
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from outbound_campaigns.domain.backoff import backoff
from outbound_campaigns.runtime.clock import Clock

MOST_DOUBTFUL, DOUBTFUL_LASTS = 64, 0.1
"""rows, and seconds at the pace: the longer of them"""

AT_WORST_LASTS = 0.25
"""seconds at the pace, if these are more than MOST_DOUBTFUL: never are there more, whatever is slow"""

LEAST = 32
"""rows that may leave, up to that, though results wait to be recorded; more where the mark moves slowly"""

_MOVES, _LONGEST_MOVE, _MOVES_AHEAD = 8, 0.05, 2.5
"""The longest of so many is how long the next may take, up to so many seconds; the third are of them."""

_FEW, _MANY = 0.25, 0.75
"""shares of what is allowed at which the mark moves: at the second only if the rest would leave meanwhile"""

_FIRST_WAIT, _LONGEST_WAIT = 0.05, 1.0
"""seconds until a move that failed is tried again; twice as long each time"""

log = logging.getLogger(__name__)


class Gate:
    """One worker's gate, on one event loop. `move` commits a mark, and returns False if it is closed.

    `unrecorded` returns how many results wait to be recorded.
    """

    def __init__(
        self,
        move: Callable[[float, bool], Awaitable[bool]],
        unrecorded: Callable[[], int],
        clock: Clock,
    ) -> None:
        self._move = move
        self._unrecorded = unrecorded
        self._clock = clock
        self._took: deque[float] = deque(maxlen=_MOVES)
        self._slots: list[float] = []
        """of all that is claimed and has not left, in their order"""
        self._most = self._most_at_worst = MOST_DOUBTFUL
        self._until = 0.0
        self._moving: asyncio.Task[None] | None = None
        self._moved = asyncio.Event()
        self.is_new = True
        """as long as no mark is known to be committed"""
        self.is_closed = False

    @property
    def room(self) -> int:
        """Return how many of the next claim's rows may leave by the mark that it sets."""
        return max(0, self._allowed() - len(self._slots))

    def farthest(self, recorded: int = 0) -> float:
        """Return how far the mark should be, once so many results more are recorded."""
        place = min(self._allowed(recorded), len(self._slots)) - 1
        return max(self._slots[place], self._until) if place >= 0 else self._until

    def expect(self, slots: Iterable[float], marked: float) -> None:
        """Take in what was claimed, with the mark that was committed with it."""
        self._slots = sorted([*self._slots, *slots])
        # Now, while the slots ahead show the pace: near their end there are few.
        self._most = max(MOST_DOUBTFUL, self._within(DOUBTFUL_LASTS))
        self._most_at_worst = max(MOST_DOUBTFUL, self._within(AT_WORST_LASTS))
        self.note(marked)

    def passed(self, slot: float) -> None:
        """Note that the message with this slot has left, or will not."""
        del self._slots[bisect_left(self._slots, slot)]
        self._keep_ahead()

    def lets_pass(self, slot: float) -> bool:
        return slot <= self._until and not self.is_closed

    async def wait(self, seconds: float) -> None:
        """Wait until the mark moves, or so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._moved.wait()

    def close(self) -> None:
        """Let nothing more leave, since another worker has taken over."""
        self.is_closed = True

    def stop(self) -> None:
        """Move the mark no more."""
        if self._moving is not None:
            self._moving.cancel()

    def _allowed(self, recorded: int = 0) -> int:
        unrecorded = self._unrecorded() - recorded
        least = max(LEAST, self._within(_MOVES_AHEAD * self._longest_move))
        return max(0, min(max(least, self._most - unrecorded), self._most_at_worst - unrecorded))

    @property
    def _longest_move(self) -> float:
        return min(max(self._took, default=0.0), _LONGEST_MOVE)

    def _within(self, seconds: float) -> int:
        return bisect_right(self._slots, self._slots[0] + seconds) if self._slots else 0

    def note(self, until: float) -> None:
        """Note that this mark is committed."""
        self.is_new = False
        if until > self._until:
            self._until = until
            self._moved.set()
            self._moved = asyncio.Event()
        self._keep_ahead()

    def _keep_ahead(self) -> None:
        """Begin to move the mark while what may still leave lasts long enough."""
        if self._moving is None and not self.is_closed and self._is_short():
            self._moving = asyncio.create_task(self._go_ahead())

    def _is_short(self) -> bool:
        may_leave, allowed = bisect_right(self._slots, self._until), self._allowed()
        if may_leave >= min(len(self._slots), allowed):
            return False
        share = may_leave / allowed
        return share <= _FEW or (share <= _MANY and self._until - self._slots[0] < self._longest_move)

    async def _go_ahead(self) -> None:
        failures = 0
        try:
            while self._is_short():
                until, begun_at = self.farthest(), self._clock.elapsed()
                try:
                    is_moved = await self._move(until, self.is_new)
                except Exception as error:
                    log.warning("the departure mark was not moved, trying again: %s", type(error).__name__)
                    await self._clock.sleep(backoff(failures, _FIRST_WAIT, _LONGEST_WAIT))
                    failures += 1
                    continue
                failures = 0
                self._took.append(self._clock.elapsed() - begun_at)
                if not is_moved:
                    self.close()
                    return
                self.note(until)
        finally:
            self._moving = None
