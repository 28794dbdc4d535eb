"""The gate lets a message pass once the mark that covers it is committed, and moves the mark in time."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from outbound_campaigns.sending.gate import AT_WORST_LASTS, DOUBTFUL_LASTS, LEAST, MOST_DOUBTFUL, Gate
from tests.sending.test_flight import VirtualClock, play

AWAY = OperationalError("UPDATE", {}, Exception("database is away"))


@dataclass
class Database:
    """Commits marks after `lasts` seconds; the first `failures` are not committed."""

    lasts: float = 0.0
    failures: int = 0
    is_closed: bool = False
    marks: list[float] = field(default_factory=list)

    async def move(self, until: float, _is_new: bool) -> bool:
        await asyncio.sleep(self.lasts)
        if self.failures:
            self.failures -= 1
            raise AWAY
        if not self.is_closed:
            self.marks.append(until)
        return not self.is_closed


def gate_of(database: Database, unrecorded: int = 0) -> Gate:
    return Gate(database.move, lambda: unrecorded, VirtualClock())


def at_pace(per_second: float, count: int, begin: float = 1.0) -> list[float]:
    return [begin + n / per_second for n in range(count)]


async def leave(gate: Gate, slots: list[float]) -> list[float]:
    """Let each message pass at its slot, or when it may. Returns how late each was, in seconds."""
    late, clock = [], VirtualClock()
    for slot in slots:
        await clock.sleep(max(0.0, slot - clock.elapsed()))
        while not gate.lets_pass(slot):
            await gate.wait(0.2)
        gate.passed(slot)
        late.append(clock.elapsed() - slot)
    return late


def test_nothing_passes_that_no_committed_mark_covers() -> None:
    async def run() -> None:
        database = Database(lasts=1.0)
        gate = gate_of(database)
        slots = at_pace(100, 80)
        gate.expect(slots, marked=slots[9])
        assert [gate.lets_pass(slot) for slot in slots] == [True] * 10 + [False] * 70
        await asyncio.sleep(0.9)
        assert not gate.lets_pass(slots[10])
        await asyncio.sleep(0.2)
        assert [gate.lets_pass(slot) for slot in slots] == [True] * 64 + [False] * 16

    play(run())


def test_the_mark_is_moved_before_it_holds_anything_up() -> None:
    async def run() -> None:
        database = Database(lasts=0.02)
        gate = gate_of(database)
        slots = at_pace(200, 400)
        gate.expect(slots, marked=slots[31])
        assert max(await leave(gate, slots)) < 0.001
        assert database.marks[-1] == slots[-1]
        assert len(database.marks) < 20

    play(run())


def test_a_database_that_is_away_holds_messages_up_until_it_is_back() -> None:
    async def run() -> None:
        database = Database(failures=5)
        gate = gate_of(database)
        slots = at_pace(1000, 200)
        gate.expect(slots, marked=slots[9])
        late = await leave(gate, slots)
        assert late[9] < 0.001
        assert late[10] > 0.5
        assert database.marks[-1] == slots[-1]

    play(run())


def test_once_another_worker_has_taken_over_nothing_passes_any_more() -> None:
    async def run() -> None:
        gate = gate_of(Database(is_closed=True))
        slots = at_pace(100, 80)
        gate.expect(slots, marked=slots[9])
        await asyncio.sleep(0.1)
        assert gate.is_closed
        assert not gate.lets_pass(slots[0])

    play(run())


def test_a_claim_may_mark_what_is_not_yet_used_up_by_what_was_claimed_before() -> None:
    async def run() -> None:
        gate = gate_of(Database(), unrecorded=10)
        assert (gate.room, gate.is_new) == (54, True)
        gate.expect(at_pace(10, 20), marked=100.0)
        assert (gate.room, gate.is_new) == (34, False)

    play(run())


@given(
    st.lists(st.floats(1, 3), min_size=1, max_size=300, unique=True),
    st.integers(0, 200),
    st.integers(0, 60),
)
def test_what_may_leave_and_what_is_not_recorded_are_together_as_few_as_promised(
    slots: list[float], unrecorded: int, recorded: int
) -> None:
    async def run() -> None:
        gate = gate_of(Database(), unrecorded)
        gate.expect(slots, marked=-1.0)
        may_leave = bisect_right(sorted(slots), gate.farthest(min(recorded, unrecorded)))
        left_over = unrecorded - min(recorded, unrecorded)
        ahead = sorted(slots)

        def promised(lasts: float) -> int:
            return max(MOST_DOUBTFUL, bisect_right(ahead, ahead[0] + lasts))

        # Some may leave in any case, that no one waits for what is a little slow to be recorded.
        assert may_leave + left_over <= promised(DOUBTFUL_LASTS) or may_leave <= LEAST
        assert may_leave + left_over <= max(promised(AT_WORST_LASTS), left_over)
        assert may_leave >= min(len(slots), LEAST, promised(AT_WORST_LASTS) - left_over)
        gate.stop()

    play(run())


def test_results_that_are_not_recorded_stop_what_may_leave_until_they_are() -> None:
    async def run() -> None:
        unrecorded, database = MOST_DOUBTFUL, Database()
        gate = Gate(database.move, lambda: unrecorded, VirtualClock())
        slots = at_pace(200, 100)
        gate.expect(slots, marked=slots[0] - 1)
        await asyncio.sleep(1)
        assert not gate.lets_pass(slots[0])
        assert not database.marks
        unrecorded = 0
        gate.note(slots[0])
        await asyncio.sleep(0.1)
        assert [gate.lets_pass(slot) for slot in slots] == [True] * MOST_DOUBTFUL + [False] * 36

    play(run())
