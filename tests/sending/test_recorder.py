"""Results on their way into the database: one that no database takes holds up nobody else's."""

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa

from outbound_campaigns.outcome import Outcome, OutcomeKind
from outbound_campaigns.sending.recorder import Recorded, Recorder, Result
from tests.simulation.world import OneSender


def result(campaign_id: int, recipient_id: int) -> Result:
    outcome = Outcome(OutcomeKind.ACCEPTED, message_uuid="uuid")
    sender = OneSender().sender("bot", None)
    return Result(campaign_id, sender, recipient_id, 1, 0.0, outcome, 0.0, 0.0)


class Table:
    """Takes results, but not those of `poisoned` recipients, nor of campaigns locked so many times."""

    def __init__(self, poisoned: Sequence[int] = (), locked: dict[int, int] | None = None) -> None:
        self.taken: list[int] = []
        self._poisoned = set(poisoned)
        self._locked = locked or {}

    async def record(self, results: Sequence[Result]) -> Recorded:
        campaign_id = results[0].campaign_id
        if self._locked.get(campaign_id, 0) > 0:
            self._locked[campaign_id] -= 1
            raise sa.exc.OperationalError("update", None, Exception("locked"))
        ids = [result.recipient_id for result in results]
        if self._poisoned.intersection(ids):
            raise sa.exc.DataError("update", None, Exception("NUL"))
        self.taken += ids
        return Recorded(campaign_id, "key", 20.0, paused=False)


async def recorded(table: Table, results: Sequence[Result]) -> list[int]:
    async def no_wait(_seconds: float) -> None:
        await asyncio.sleep(0)

    recorder = Recorder(table.record, no_wait, lambda _: None)
    for one in results:
        recorder.put(one)
    running = asyncio.create_task(recorder.run())
    await asyncio.wait_for(recorder.settle(), 5)
    running.cancel()
    return table.taken


def test_a_result_that_can_never_be_recorded_holds_up_no_other() -> None:
    table = Table(poisoned=[7])
    taken = asyncio.run(recorded(table, [result(1, n) for n in range(20)] + [result(2, 100)]))
    assert sorted(taken) == [n for n in range(20) if n != 7] + [100]


def test_a_locked_campaign_does_not_hold_up_another() -> None:
    table = Table(locked={1: 3})
    assert asyncio.run(recorded(table, [result(1, 1), result(2, 2)])) == [2, 1]
