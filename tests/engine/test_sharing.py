"""Campaigns of one account share its pace of 20 messages a second."""

import asyncio
import logging
from collections.abc import Iterator, Sequence

import pytest

from outbound_campaigns.database.transactions import Database
from outbound_campaigns.sending.dispatcher import Dispatcher
from tests.support.senders import OneSender
from tests.whole.simulation.story import Story, make_campaign, read_campaign
from tests.whole.simulation.world import Faults, LedgerGateway, Process, World

PACE = 20.0
SECONDS = 30.0


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


async def send(world: World, dispatcher: Dispatcher, campaign_id: int) -> None:
    while until := await dispatcher.run_batch(campaign_id):
        await asyncio.sleep(max(0.0, (until - world.wall()).total_seconds()))


async def send_together(world: World, batch_sizes: Sequence[int]) -> list[int]:
    database, process = Database(world.engine, world.wall), Process(world, "worker")
    senders = OneSender(PACE)
    dispatcher = Dispatcher(database, LedgerGateway(process), senders, process, "worker", process.in_thread)
    stories = [Story(1, Faults(), recipients=1000, batch_size=size) for size in batch_sizes]
    ids = [make_campaign(database, story) for story in stories]
    tasks = [asyncio.create_task(dispatcher.recorder.run())]
    tasks += [asyncio.create_task(send(world, dispatcher, campaign_id)) for campaign_id in ids]
    await asyncio.sleep(SECONDS)
    for task in tasks:
        task.cancel()
    return [read_campaign(database, campaign_id).sent_count for campaign_id in ids]


def sent(*batch_sizes: int) -> list[int]:
    """How many each campaign sent; its batches are of one second."""
    world = World(1, Faults())
    counts = world.loop.run_until_complete(send_together(world, batch_sizes))
    world.loop.close()
    return counts


def test_campaigns_of_one_account_get_like_shares() -> None:
    counts = sent(10_000, 10_000)
    assert min(counts) >= 0.4 * PACE * SECONDS


def test_what_a_slow_campaign_leaves_free_goes_to_the_others() -> None:
    slow, fast = sent(2, 10_000)
    assert slow >= 0.8 * 2 * SECONDS
    assert slow + fast >= 0.9 * PACE * SECONDS
