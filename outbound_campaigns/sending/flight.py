"""Sends the messages of a slice: each leaves at its time, and its outcome is passed on."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.runtime.clock import Clock
from outbound_campaigns.sending.composition import Composition
from outbound_campaigns.sending.gate import Gate
from outbound_campaigns.sending.lane import Lane
from outbound_campaigns.sending.recent import Recent
from outbound_campaigns.sending.recorder import PutSoFar
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Departure, Slice
from outbound_campaigns.vonage.definitions.filling import MissingColumn
from outbound_campaigns.vonage.fence import Fence
from outbound_campaigns.vonage.gateway import Gateway
from outbound_campaigns.vonage.json_values import storable

LOOK_AHEAD, FARTHEST_LOOK = 0.05, 0.3
"""seconds before a slice's last slot at which the next slice is claimed; earlier where claims take longer"""

_LATEST_CLAIMS = 8
"""twice the longest of so many is how long the next may take"""

_MOMENT = 0.001
_GLANCE = 0.2
"""seconds; a waiting departure checks this often whether it may still leave"""

_STALLED = 0.3
"""seconds; a message that has room but leaves this much later than it could was held up by this process"""

_SLOWEST_CLAIM = 2.0
"""seconds that a database may take to commit a claim"""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """What this process knows about a campaign that it sends; times are on the elapsed clock."""

    bot_id: str
    sender_number: str | None
    recent: Recent
    halted_at: float = -1.0
    """what was claimed before this moment may not leave"""
    missing_since: float | None = None
    put_before: PutSoFar = field(default_factory=dict)
    """the results that had come when the latest slice was to be claimed"""
    claims: deque[float] = field(default_factory=lambda: deque(maxlen=_LATEST_CLAIMS))
    """seconds that the latest claims took"""
    in_flight: int = 0
    departing: asyncio.Task[None] | None = None
    nearly_done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def look_ahead(self) -> float:
        """Return how many seconds before a slice's last slot to claim the next."""
        return min(max(2 * max(self.claims, default=0.0), LOOK_AHEAD), FARTHEST_LOOK)

    @property
    def is_over(self) -> bool:
        """True when no message of this campaign is waiting for its slot or its answer."""
        return self.in_flight == 0 and (self.departing is None or self.departing.done())


@dataclass(slots=True)
class _Leg:
    """A slice that is being sent.

    On the elapsed clock: `received_at` is when it came, `deadline` when its last request may begin,
    `near_end` when to claim the next.
    """

    run: Run
    lane: Lane
    claimed: Slice
    composition: Composition
    received_at: float
    deadline: Callable[[], float]
    near_end: float


class Flight:
    """Sends what was claimed and what the gate lets pass.

    Results go to `put`; `valid_until` returns until when anything may leave.
    """

    def __init__(
        self,
        gateway: Gateway,
        clock: Clock,
        put: Callable[[Result], None],
        valid_until: Callable[[], float],
        gate: Gate,
    ) -> None:
        self._gate = gate
        self._gateway = gateway
        self._clock = clock
        self._put_result = put
        self._valid_until = valid_until
        self._requests: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def send(self, run: Run, lane: Lane, claimed: Slice) -> None:
        """Start sending a slice, and wait until it is time to claim the next."""
        leg = self._leg(run, lane, claimed)
        self._gate.expect((departure.slot for departure in claimed.departures), claimed.marked)
        if run.departing is not None:
            await asyncio.wait((run.departing,))
        limits = [limit._replace(until=claimed.elapsed(limit.until)) for limit in claimed.limits]
        run.recent.hold(limits, self._clock.elapsed())
        run.nearly_done = asyncio.Event()
        run.departing = asyncio.create_task(self._depart(leg))
        await run.nearly_done.wait()

    def _leg(self, run: Run, lane: Lane, claimed: Slice) -> _Leg:
        def deadline() -> float:
            return min(claimed.deadline, self._valid_until())

        near_end = claimed.elapsed(claimed.departures[-1].slot) - run.look_ahead
        return _Leg(run, lane, claimed, Composition(claimed), self._clock.elapsed(), deadline, near_end)

    def stop(self) -> None:
        """Stop anything more from leaving."""
        self._stopping = True

    async def land(self, patience: float) -> None:
        """Wait `patience` seconds for answers; requests without one by then are in doubt."""
        if self._requests:
            _, late = await asyncio.wait(set(self._requests), timeout=patience)
            for request in late:
                request.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _depart(self, leg: _Leg) -> None:
        """Send the messages, each at its time; hand back those that may not leave."""
        departures, left = leg.claimed.departures, 0
        try:
            for departure in departures:
                self._watch_for_end(leg, len(departures) - left)
                if not await self._turn(leg, departure):
                    return
                self._begin(leg, departure)
                left += 1
        finally:
            for departure in departures[left:]:
                self._gate.passed(departure.slot)
                self._put(leg, departure, Outcome(OutcomeKind.NOT_BEGUN), None)
            leg.run.nearly_done.set()

    def _begin(self, leg: _Leg, departure: Departure) -> None:
        fence = Fence(self._clock.elapsed, leg.deadline)
        leg.lane.enter(self._clock.elapsed())
        leg.run.recent.left(fence)
        self._gate.passed(departure.slot)
        leg.run.in_flight += 1
        request = asyncio.create_task(self._request(leg, departure, fence))
        self._requests.add(request)
        request.add_done_callback(self._requests.discard)

    def _watch_for_end(self, leg: _Leg, left: int) -> None:
        """Signal that the next slice may be claimed, once what is left could be in flight at once."""
        if left <= leg.lane.allowed and self._clock.elapsed() >= leg.near_end:
            leg.run.nearly_done.set()

    async def _turn(self, leg: _Leg, departure: Departure) -> bool:
        """Wait until the message may leave. Returns False when it may not leave any more."""
        slot, lane, recent = leg.claimed.elapsed(departure.slot), leg.lane, leg.run.recent
        let_pass_at = slot
        while self._may_leave(leg, now := self._clock.elapsed()):
            if not self._gate.lets_pass(departure.slot):
                await self._gate.wait(_GLANCE)
                let_pass_at = self._clock.elapsed()
                continue
            at = recent.next_at(lane.next_at(slot))
            if at is None:
                await self._clock.sleep(_MOMENT)
            elif at > now:
                await self._clock.sleep(min(at - now, _GLANCE))
            elif lane.is_full:
                await _wait_for_room(lane)
            else:
                return not _is_late(leg, max(at, let_pass_at), now)
        return False

    def _may_leave(self, leg: _Leg, now: float) -> bool:
        stopped = self._stopping or leg.claimed.mark <= max(leg.run.halted_at, leg.lane.stopped_at)
        return not stopped and not self._gate.is_closed and now <= leg.deadline()

    async def _request(self, leg: _Leg, departure: Departure, fence: Fence) -> None:
        try:
            outcome = await self._post(leg, departure, fence)
        except asyncio.CancelledError:
            outcome = _given_up(fence)
        except Exception as error:
            log.exception("a request ended in an unforeseen way: %s", type(error).__name__)
            outcome = _failed(fence, error)
        fence.is_open = False
        leg.run.in_flight -= 1
        leg.lane.leave(outcome, self._clock.elapsed())
        self._put(leg, departure, outcome, fence.began_at)

    async def _post(self, leg: _Leg, departure: Departure, fence: Fence) -> Outcome:
        try:
            message = leg.composition.message(departure)
        except MissingColumn as missing:
            detail = storable(str(missing))
            return Outcome(OutcomeKind.RECIPIENT_REFUSED, "missing_column", detail=detail, asked=False)
        return await self._gateway.send(leg.claimed.sender, message, fence)

    def _put(self, leg: _Leg, departure: Departure, outcome: Outcome, began_at: float | None) -> None:
        claimed = leg.claimed
        self._put_result(
            Result(
                campaign_id=claimed.campaign.id,
                sender=claimed.sender,
                recipient_id=departure.recipient_id,
                number=departure.number,
                slot=departure.slot,
                outcome=outcome,
                left_at=None if began_at is None else claimed.wall(began_at),
                answered_at=claimed.wall(self._clock.elapsed()),
            )
        )


def _is_late(leg: _Leg, might_at: float, now: float) -> bool:
    """Return whether this process was frozen when the message could leave; it may be another worker's now."""
    received_at = min(leg.received_at, leg.claimed.mark + _SLOWEST_CLAIM)
    return now - max(might_at, leg.lane.roomy_since, received_at) > _STALLED


async def _wait_for_room(lane: Lane) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_GLANCE):
            await lane.wait_for_room()


def _given_up(fence: Fence) -> Outcome:
    if fence.began_at is None:
        return Outcome(OutcomeKind.NOT_BEGUN)
    return Outcome(OutcomeKind.IN_DOUBT, "engine_stopped")


def _failed(fence: Fence, error: Exception) -> Outcome:
    """Return the outcome of our own failure. Before the request began it may well recur, so it must count."""
    if fence.began_at is None:
        return Outcome(
            OutcomeKind.CAMPAIGN_TROUBLE, "internal_error", detail=type(error).__name__, asked=False
        )
    return _given_up(fence)
