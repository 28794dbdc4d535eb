"""The jobs of running campaigns: none is lost while it waits for its next batch."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, cast

from outbound_campaigns.database.transactions import Database, wall_clock
from outbound_campaigns.engine.campaign_jobs import Jobs
from outbound_campaigns.engine.duties import Duties
from outbound_campaigns.engine.glance import Sign
from outbound_campaigns.engine.parts import Parts
from outbound_campaigns.runtime.clock import SystemClock
from tests.whole.simulation.world import shared_engine

CAMPAIGN = 1
SENT_BY_NOW = 10.0
"""seconds after which a job that was lost is taken as lost"""


class Dispatcher:
    """Has nothing to send for a while, each time that it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.sending: Sequence[int] = ()

    async def run_batch(self, _campaign_id: int) -> Any:
        self.asked += 1
        return wall_clock() + timedelta(seconds=25)


class Glance:
    """Sees everything that there could be."""

    def signs(self) -> frozenset[Sign]:
        return frozenset(Sign)


class Watch:
    def __init__(self) -> None:
        self.found: Sequence[int] = [CAMPAIGN]
        self.looks = 0

    def running(self) -> Sequence[int]:
        self.looks += 1
        return self.found

    def abandon_overdue(self) -> None: ...

    def follow(self) -> None: ...

    def start_due(self) -> None: ...

    def apply_receipts(self) -> None: ...


class Importing:
    def step(self, _worker: str) -> None: ...

    def stop(self) -> None: ...


class ShiftedClock(SystemClock):
    """Runs on while the wall clock is set back: only their difference can be seen."""

    shift = 0.0

    def elapsed(self) -> float:
        return super().elapsed() + self.shift


class Templates:
    """All of them stay approved."""

    each = 300.0

    def look(self) -> None: ...


class Answering:
    """There is nothing to look at, nor to forward."""

    def apply(self) -> None: ...

    def forward(self) -> None: ...


class Reconciling:
    """There is nothing to ask about."""

    def begin(self) -> None: ...

    def stop(self) -> None: ...

    def work(self) -> None: ...

    def schedule(self) -> None: ...


class Judging:
    """Nobody's rows are to be judged."""

    def work(self) -> None: ...

    def stop(self) -> None: ...


class Testing:
    """Nobody tries a campaign out."""

    async def step(self, _in_thread: object) -> None: ...


class Engine:
    """Jobs with a watch and a dispatcher in the test's hands."""

    def __init__(self) -> None:
        self.dispatcher, self.watch, self.clock = Dispatcher(), Watch(), ShiftedClock()
        none = cast(Any, None)
        watch, importing = cast(Any, self.watch), cast(Any, Importing())
        answering, templates = cast(Any, Answering()), cast(Any, Templates())
        database = Database(shared_engine())
        reconciling, testing = cast(Any, Reconciling()), cast(Any, Testing())
        judging = cast(Any, Judging())
        doors = (watch, importing, judging, judging, templates, answering, reconciling)
        parts = Parts(database, none, none, cast(Any, Glance()), *doors, self.clock, "worker", 8)
        self.duties = Duties(testing, parts, parts.worker, self._at_once)
        self._jobs = Jobs(cast(Any, self.dispatcher), parts, self.duties, self._at_once)
        self._jobs.start()
        self.duties.start()

    async def _at_once(self, function: Callable[[], Any]) -> Any:
        return function()

    async def until(self, condition: Callable[[], bool]) -> bool:
        async with asyncio.timeout(SENT_BY_NOW):
            while not condition():
                await asyncio.sleep(0.02)
        return True

    async def look_twice(self) -> None:
        looks = self.watch.looks
        await self.until(lambda: self.watch.looks >= looks + 2)


async def pause_and_resume() -> bool:
    engine = Engine()
    await engine.until(lambda: engine.dispatcher.asked == 1)
    engine.watch.found = []
    await engine.look_twice()
    engine.watch.found = [CAMPAIGN]
    woken = await engine.until(lambda: engine.dispatcher.asked == 2)
    engine.duties.stop()
    return woken


async def set_the_clock_back() -> bool:
    engine = Engine()
    await engine.until(lambda: engine.dispatcher.asked == 1)
    engine.clock.shift = 3600.0
    engine.duties.follow_clock()
    woken = await engine.until(lambda: engine.dispatcher.asked == 2)
    engine.duties.stop()
    return woken


def test_a_campaign_that_is_resumed_does_not_wait_for_its_old_time() -> None:
    assert asyncio.run(pause_and_resume())


def test_a_clock_set_back_does_not_make_campaigns_wait_for_it() -> None:
    assert asyncio.run(set_the_clock_back())
