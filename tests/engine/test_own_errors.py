"""An error of our own before a request begins: the campaign pauses instead of trying for ever."""

import asyncio
from collections.abc import Mapping
from typing import Any

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome
from outbound_campaigns.sending.dispatcher import Dispatcher
from outbound_campaigns.vonage.fence import Fence
from outbound_campaigns.vonage.senders import Sender
from tests.support.senders import OneSender
from tests.whole.simulation.story import Story, make_campaign, read_campaign
from tests.whole.simulation.world import Faults, LedgerGateway, Process, World


class BrokenGateway(LedgerGateway):
    async def send(self, sender: Sender, message: Mapping[str, Any], fence: Fence) -> Outcome:
        raise UnicodeError("the message can't be written")


async def send_for_a_minute(world: World) -> Campaign:
    database, process = Database(world.engine, world.wall), Process(world, "worker")
    campaign_id = make_campaign(database, Story(1, Faults(), recipients=6, batch_size=10_000))
    gateway = BrokenGateway(process)
    dispatcher = Dispatcher(database, gateway, OneSender(), process, "worker", process.in_thread)
    recording = asyncio.create_task(dispatcher.recorder.run())
    while world.loop.time() < 60 and (until := await dispatcher.run_batch(campaign_id)):
        await asyncio.sleep(max(0.0, (until - world.wall()).total_seconds()))
    await dispatcher.stop(1.0)
    recording.cancel()
    return read_campaign(database, campaign_id)


def test_messages_that_can_not_be_made_pause_their_campaign_with_the_reason() -> None:
    world = World(1, Faults())
    campaign = world.loop.run_until_complete(send_for_a_minute(world))
    world.loop.close()
    assert (campaign.status, campaign.pending_count) == ("paused", 6)
    assert campaign.status_reason is not None
    assert campaign.status_reason["answer"] == "internal_error"
