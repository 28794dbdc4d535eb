"""Causes faults on demand, drawn from a seeded generator so that runs repeat."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vonage_simulator.merging import check_shares, merged
from vonage_simulator.problems import (
    FORBIDDEN,
    INVALID_TOKEN,
    LOW_BALANCE,
    Complaint,
    RefusedError,
    server_error,
    throttled,
    unprocessable,
)

BURST_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Faults:
    """Which faults are on; none by default. Shares are of all messages, from 0 to 1.

    | fault | was the message accepted? |
    |---|---|
    | capacity (messages/s; 429), unauthorized, payment_required, forbidden | no |
    | server_error (5xx) | as `server_error_accepted` says |
    | reset_before_accept | no |
    | refuse_to (422 naming `to`), refuse_other (422 naming something else) | no |
    | reset_after_accept, half_answer | yes |
    | unreadable: a 200 that is a web page (`html`) or lacks the uuid (`no_uuid`) | yes |
    | latency (ms, plus up to latency_random_ms), slow (seconds) | as without it, and at once |
    """

    capacity: float | None = None
    burst: float | None = None
    retry_after: int | None = None
    unauthorized: bool = False
    payment_required: bool = False
    forbidden: bool = False
    server_error_share: float = 0.0
    server_error_status: int = 503
    server_error_accepted: bool = False
    reset_before_accept_share: float = 0.0
    reset_after_accept_share: float = 0.0
    half_answer_share: float = 0.0
    unreadable_share: float = 0.0
    unreadable_body: str = "html"
    refuse_to_share: float = 0.0
    refuse_other_share: float = 0.0
    latency_ms: float = 0.0
    latency_random_ms: float = 0.0
    slow_share: float = 0.0
    slow_seconds: float = 30.0

    def __post_init__(self) -> None:
        check_shares(self)
        if self.unreadable_body not in ("html", "no_uuid"):
            raise ValueError("unreadable_body must be html or no_uuid")
        if not 500 <= self.server_error_status <= 599:
            raise ValueError("server_error_status must be a 5xx")
        if self.capacity is not None and self.capacity <= 0:
            raise ValueError("capacity must be above 0")

    def bucket_size(self) -> float:
        """Return how many messages may come at once: `burst`, or the capacity of 0.1 s; at least one."""
        return max(1.0, (self.capacity or 0.0) * BURST_SECONDS if self.burst is None else self.burst)


class NoAnswerError(Exception):
    """Raised for a request that gets no answer: its connection is reset."""


class FaultInjector:
    """Decides each request's fate by the faults that are on."""

    def __init__(self, faults: Faults, seed: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self._draw = random.Random(seed)
        self._clock = clock
        self.current = faults
        self._refill()

    def change(self, changes: Mapping[str, object]) -> None:
        """Merge changes into the faults; `reset: true` clears all others first. Raises ValueError."""
        names = {name: value for name, value in changes.items() if name != "reset"}
        self.current = merged(Faults() if changes.get("reset") else self.current, names)
        if names.keys() & {"capacity", "burst"} or changes.get("reset"):
            self._refill()

    def before_check(self) -> None:
        """Raise RefusedError or NoAnswerError for a request that fails before its message is checked."""
        faults = self.current
        for is_on, problem in (
            (faults.unauthorized, INVALID_TOKEN),
            (faults.payment_required, LOW_BALANCE),
            (faults.forbidden, FORBIDDEN),
        ):
            if is_on:
                raise RefusedError(problem)
        if not faults.server_error_accepted and self._happens(faults.server_error_share):
            raise RefusedError(server_error(faults.server_error_status))
        if self._happens(faults.reset_before_accept_share):
            raise NoAnswerError
        if faults.capacity is not None and not self._takes_a_token(faults.capacity):
            raise RefusedError(throttled(faults.retry_after))

    def after_check(self) -> None:
        """Raise RefusedError (422) for a valid message that is not to be accepted."""
        if self._happens(self.current.refuse_to_share):
            raise RefusedError(unprocessable([Complaint("recipient", "to", "is not a valid recipient.")]))
        if self._happens(self.current.refuse_other_share):
            raise RefusedError(unprocessable([Complaint("params", "template.name", "is not allowed.")]))

    def after_accept(self) -> str:
        """Return how the answer to an accepted message is spoilt: "", error, reset, half, html or no_uuid."""
        faults = self.current
        if faults.server_error_accepted and self._happens(faults.server_error_share):
            return "error"
        if self._happens(faults.reset_after_accept_share):
            return "reset"
        if self._happens(faults.half_answer_share):
            return "half"
        return faults.unreadable_body if self._happens(faults.unreadable_share) else ""

    def delay(self) -> float:
        """Return how many seconds to hold the answer back."""
        faults = self.current
        seconds = faults.latency_ms / 1000
        if faults.latency_random_ms:
            seconds += self._draw.uniform(0, faults.latency_random_ms) / 1000
        return seconds + (faults.slow_seconds if self._happens(faults.slow_share) else 0.0)

    def _happens(self, share: float) -> bool:
        return share > 0 and self._draw.random() < share

    def _refill(self) -> None:
        self._tokens = self.current.bucket_size()
        self._filled_at = self._clock()

    def _takes_a_token(self, capacity: float) -> bool:
        now = self._clock()
        grown = self._tokens + (now - self._filled_at) * capacity
        self._tokens, self._filled_at = min(grown, self.current.bucket_size()), now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
