"""What a dispatcher leaves behind when it is stopped in the middle of things."""

import asyncio
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from outbound_campaigns.database.models import Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.sending.dispatcher import Dispatcher
from tests.support.senders import OneSender
from tests.whole.simulation.story import Story, make_campaign
from tests.whole.simulation.world import Faults, LedgerGateway, Process, World


class Threads:
    """As real ones, they go on when nobody waits for them any more; says when the n-th call begins."""

    def __init__(self, call: int) -> None:
        self._left = call
        self.reached = asyncio.Event()

    async def run(self, function: Callable[[], Any]) -> Any:
        self._left -= 1
        if self._left == 0:
            self.reached.set()
        return await asyncio.shield(asyncio.create_task(self._work(function)))

    async def _work(self, function: Callable[[], Any]) -> Any:
        await asyncio.sleep(0.01)
        result = function()
        await asyncio.sleep(0.01)
        return result


async def send(dispatcher: Dispatcher, campaign_id: int) -> None:
    while await dispatcher.run_batch(campaign_id):
        pass


async def stop_at(call: int, world: World) -> None:
    """Send a campaign; at the n-th call of the database, its job is cancelled and all is stopped."""
    database, process, threads = Database(world.engine, world.wall), Process(world, "worker"), Threads(call)
    campaign_id = make_campaign(database, Story(1, Faults(), recipients=200, batch_size=10_000))
    dispatcher = Dispatcher(database, LedgerGateway(process), OneSender(), process, "worker", threads.run)
    recording = asyncio.create_task(dispatcher.recorder.run())
    job = asyncio.create_task(send(dispatcher, campaign_id))
    await threads.reached.wait()
    job.cancel()
    await dispatcher.stop(12.0)
    await asyncio.sleep(20.0)
    recording.cancel()


def left_claimed(call: int) -> int:
    world = World(1, Faults())
    world.loop.run_until_complete(stop_at(call, world))
    world.loop.close()
    with sa.orm.Session(world.engine) as session:
        claimed = Recipient.status == RecipientStatus.SENDING
        return session.execute(sa.select(sa.func.count()).where(claimed)).scalar_one()


def test_a_stop_hands_back_every_row_that_was_claimed_and_not_begun() -> None:
    left = {call: left_claimed(call) for call in range(1, 12)}
    assert set(left.values()) == {0}, left
