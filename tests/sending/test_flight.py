"""A slice on its way: each message leaves at its time, once, and every outcome is handed on."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.runtime.clock import Offset
from outbound_campaigns.sending.batch_limits import BatchLimit
from outbound_campaigns.sending.flight import Flight, Run
from outbound_campaigns.sending.gate import Gate
from outbound_campaigns.sending.lane import Lane
from outbound_campaigns.sending.recent import Recent
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import CLAIM_LASTS, Departure, Slice
from outbound_campaigns.vonage.fence import Fence, TooLate
from outbound_campaigns.vonage.senders import Sender
from tests.support.senders import OneSender
from tests.support.virtual_time import VirtualLoop

SENDER = OneSender().sender("bot", None)
ACCEPTED = Outcome(OutcomeKind.ACCEPTED, message_uuid="1")

Answer = Callable[[], Awaitable[Outcome]]


@dataclass
class VirtualClock:
    """The clock of the event loop, on which time passes at once."""

    def elapsed(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Vonage:
    """Answers each message after `answer`; keeps when each left, and to whom."""

    answer: Answer
    left: list[tuple[float, str]] = field(default_factory=list)

    async def send(self, _sender: Sender, message: Mapping[str, Any], fence: Fence) -> Outcome:
        try:
            fence.begin()
        except TooLate:
            return Outcome(OutcomeKind.NOT_BEGUN, "claim_expired")
        self.left.append((asyncio.get_running_loop().time(), message["to"]))
        return await self.answer()

    async def probe(self, _sender: Sender) -> bool:
        return True


@dataclass
class Sky:
    """A flight over a virtual second: `results` in the order of the answers."""

    vonage: Vonage
    valid_until: float = 1e9
    most: int = 256
    results: list[Result] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lane = Lane(self.most)
        self.run = Run("bot", None, Recent(BatchLimit(1000, 60.0)))
        gate = Gate(self.move, lambda: 0, VirtualClock())
        self.flight = Flight(self.vonage, VirtualClock(), self.results.append, lambda: self.valid_until, gate)

    async def move(self, _until: float, _is_new: bool) -> bool:
        raise AssertionError("the mark is beyond all slots")

    def kinds(self) -> list[OutcomeKind]:
        return [result.outcome.kind for result in self.results]


def slice_of(*slots: float, **fields: Any) -> Slice:
    template = {"template_id": "promo", "template_name": "promo", "template_language": "es"}
    campaign = Campaign(id=1, ref="abc", **template, **fields)
    departures = [Departure(n, 1, f"+5214420000{n:03}", {"a": str(n)}, slot) for n, slot in enumerate(slots)]
    return Slice(campaign, SENDER, departures, (), 0.0, 0.0, Offset(0.0, 0.0), 100.0, math.inf)


def play(work: Awaitable[None]) -> None:
    loop = VirtualLoop()
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


async def at_once() -> Outcome:
    return ACCEPTED


async def never() -> Outcome:
    await asyncio.sleep(1e9)
    return ACCEPTED


def test_each_message_leaves_once_and_never_before_its_slot() -> None:
    sky = Sky(Vonage(at_once))

    async def fly() -> None:
        await sky.flight.send(sky.run, sky.lane, slice_of(0.1, 0.2, 0.35))
        await sky.flight.land(10)

    play(fly())
    assert [to for _, to in sky.vonage.left] == ["5214420000000", "5214420000001", "5214420000002"]
    assert all(at >= slot for (at, _), slot in zip(sky.vonage.left, (0.1, 0.2, 0.35), strict=True))
    assert sky.kinds() == [OutcomeKind.ACCEPTED] * 3


def test_no_more_are_in_flight_than_the_lane_allows() -> None:
    sky = Sky(Vonage(never), most=2)

    async def fly() -> None:
        flying = asyncio.ensure_future(sky.flight.send(sky.run, sky.lane, slice_of(*[0.0] * 5)))
        await asyncio.sleep(1.0)
        assert (sky.run.in_flight, len(sky.vonage.left)) == (2, 2)
        sky.flight.stop()
        await flying
        await sky.flight.land(0.1)

    play(fly())
    assert sorted(sky.kinds()) == [OutcomeKind.IN_DOUBT] * 2 + [OutcomeKind.NOT_BEGUN] * 3


def test_after_a_halt_nothing_of_the_slice_leaves_any_more() -> None:
    sky = Sky(Vonage(at_once))

    async def fly() -> None:
        flying = asyncio.ensure_future(sky.flight.send(sky.run, sky.lane, slice_of(0.1, 5.0)))
        await asyncio.sleep(1.0)
        sky.run.halted_at = 1.0
        await flying
        await sky.flight.land(10)

    play(fly())
    assert len(sky.vonage.left) == 1
    assert sky.kinds() == [OutcomeKind.ACCEPTED, OutcomeKind.NOT_BEGUN]


def test_nothing_leaves_after_the_end_of_the_claim_or_of_the_lease() -> None:
    for sky, slot in (
        (Sky(Vonage(at_once)), CLAIM_LASTS.total_seconds() + 1),
        (Sky(Vonage(at_once), valid_until=2.0), 3.0),
    ):

        async def fly(sky: Sky = sky, slot: float = slot) -> None:
            await sky.flight.send(sky.run, sky.lane, slice_of(slot))
            await sky.flight.land(10)

        play(fly())
        assert sky.vonage.left == []
        assert sky.kinds() == [OutcomeKind.NOT_BEGUN]


def test_a_request_without_an_answer_at_the_end_is_in_doubt() -> None:
    sky = Sky(Vonage(never))

    async def fly() -> None:
        await sky.flight.send(sky.run, sky.lane, slice_of(0.0))
        await sky.flight.land(2.0)

    play(fly())
    assert [(result.outcome.kind, result.outcome.code) for result in sky.results] == [
        (OutcomeKind.IN_DOUBT, "engine_stopped")
    ]
    assert sky.run.is_over


def test_a_row_without_a_column_of_the_template_is_refused_and_vonage_is_not_asked() -> None:
    sky = Sky(Vonage(at_once))

    async def fly() -> None:
        await sky.flight.send(sky.run, sky.lane, slice_of(0.0, variables=["nombre"]))
        await sky.flight.land(10)

    play(fly())
    (result,) = sky.results
    assert (result.outcome.kind, result.outcome.code) == (OutcomeKind.RECIPIENT_REFUSED, "missing_column")
    assert sky.vonage.left == []


def test_the_next_slice_is_wanted_while_the_last_messages_of_this_one_leave() -> None:
    sky = Sky(Vonage(at_once))
    came_back: list[float] = []

    async def fly() -> None:
        await sky.flight.send(sky.run, sky.lane, slice_of(0.0, 0.9))
        came_back.append(asyncio.get_running_loop().time())
        await sky.flight.land(10)

    play(fly())
    assert 0.8 <= came_back[0] <= 0.9
