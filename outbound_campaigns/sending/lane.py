"""One account's traffic in this process: how many requests are in flight, and how fast they leave."""

from __future__ import annotations

import asyncio

from outbound_campaigns.domain.outcome import CONSEQUENCES, Outcome, OutcomeKind, Pauses
from outbound_campaigns.sending.breaker import BadAnswers
from outbound_campaigns.sending.pace import TOLERANCE

FIRST_ALLOWED = 4
"""requests in flight at the start, and after Vonage was unavailable"""


class Lane:
    """One account's requests in flight. Times are in seconds on the elapsed clock."""

    def __init__(self, most_in_flight: int) -> None:
        self._most = most_in_flight
        self.allowed = min(FIRST_ALLOWED, most_in_flight)
        self.in_flight = 0
        self.stopped_at = -1.0
        """what was claimed before this moment may not leave"""
        self.roomy_since = float("-inf")
        """when an answer last made room in a full lane"""
        self._bad = BadAnswers()
        self._per_second = float("inf")
        self._next_at = 0.0
        self._room = asyncio.Event()
        self._room.set()

    def next_at(self, slot: float) -> float:
        """Return when a message with this slot may leave; the pace may have fallen since it was given."""
        return max(slot, self._next_at)

    def set_pace(self, per_second: float) -> None:
        self._per_second = per_second

    @property
    def is_full(self) -> bool:
        return self.in_flight >= self.allowed

    async def wait_for_room(self) -> None:
        await self._room.wait()

    def enter(self, now: float) -> None:
        """Note that a request leaves: it takes room, and its share of the pace."""
        self.in_flight += 1
        self._next_at = max(self._next_at, now - TOLERANCE) + 1 / self._per_second
        self._note_room()

    def leave(self, outcome: Outcome, now: float) -> None:
        """Learn from an answer: success allows more requests in flight; trouble stops the lane."""
        was_full = self.is_full
        self.in_flight -= 1
        consequence = CONSEQUENCES[outcome.kind]
        if outcome.asked and outcome.kind is not OutcomeKind.NOT_BEGUN:
            self._bad.saw(consequence.breaker)
        if consequence.breaker:
            self.allowed = max(FIRST_ALLOWED, self.allowed // 2)
        elif outcome.kind is OutcomeKind.ACCEPTED:
            self.allowed = min(self.allowed + 1, self._most)
        if self._bad.too_many or consequence.pauses is Pauses.ACCOUNT:
            self.stopped_at = now
        if was_full and not self.is_full:
            self.roomy_since = now
        self._note_room()

    def restart(self) -> None:
        """Begin carefully again, once Vonage answers."""
        self._bad = BadAnswers()
        self.allowed = min(FIRST_ALLOWED, self._most)
        self._note_room()

    def _note_room(self) -> None:
        if self.is_full:
            self._room.clear()
        else:
            self._room.set()
