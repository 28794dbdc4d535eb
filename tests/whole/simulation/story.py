"""One story: a campaign sent by workers to whom everything happens, and what must be true at its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count

import sqlalchemy as sa

from bot_config.prices import PriceTable
from bot_config.refusal import Refusal
from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Campaign, Event
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.lease import EngineLease
from outbound_campaigns.engine.watch import Watch
from outbound_campaigns.sending import gate
from outbound_campaigns.sending.abandoned import abandon_others
from outbound_campaigns.sending.dispatcher import Dispatcher
from tests.support.campaigns import look_after
from tests.support.recipients import add_recipients
from tests.support.senders import OneSender
from tests.whole.simulation.world import (
    LONGEST_FREEZE,
    START,
    Faults,
    LedgerGateway,
    Process,
    ProcessDatabase,
    World,
)

REQUEST_TIMEOUT = 5.0
PRICE = 30_500
PRICES = PriceTable("USD", {"MX": {"marketing": PRICE}})
SIZES, INTERVALS_MS = (1, 4, 50), (100, 1000, 5000)
"""that an edit chooses from"""
BEAT = 2.0
"""seconds between two looks of a worker; rarer than the engine's, to play more stories"""


class Worker:
    """An engine process: lease, watch, and one loop for each running campaign."""

    def __init__(self, world: World, name: str, senders: OneSender, lease_kept: bool = True) -> None:
        self.process = Process(world, name)
        self.database = ProcessDatabase(self.process)
        self.lease = EngineLease(self.database, name, self.process.elapsed)
        self.lease_kept = lease_kept
        self._senders = senders
        self._terms = count(1)
        self.watch = Watch(self.database, lambda _: ResolvedTemplate("promo", "es_MX"), REQUEST_TIMEOUT, 900)
        self.sending: set[int] = set()
        self.retired = False

    def _begin_term(self, tasks: asyncio.TaskGroup) -> None:
        """Begin to lead, under a name of this term."""
        self.name = f"{self.process.name}:{next(self._terms)}"
        self.dispatcher = Dispatcher(
            self.database,
            LedgerGateway(self.process),
            self._senders,
            self.process,
            self.name,
            self.process.in_thread,
            most_in_flight=8,
            valid_until=self._valid_until,
        )
        tasks.create_task(self.dispatcher.recorder.run())

    def _valid_until(self) -> float:
        return self.lease.valid_until if self.lease_kept else float("inf")

    async def live(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            self._begin_term(tasks)
            while not self.retired:
                with suppress(sa.exc.OperationalError):
                    await self._beat(tasks)
                await self.process.sleep(BEAT)

    async def _beat(self, tasks: asyncio.TaskGroup) -> None:
        leads = self.lease.is_valid()
        if not (await self.process.in_thread(self.lease.acquire) or not self.lease_kept):
            return
        takes_over = not self.lease_kept and self.process.world.happens(self.process.world.faults.take_over)
        if (not leads and self.lease_kept) or self.dispatcher.is_superseded or takes_over:
            self._begin_term(tasks)
            await self.process.in_thread(lambda: abandon_others(self.database, self.name))
        running = set(await self.process.in_thread(lambda: look_after(self.watch)))
        for campaign_id in set(self.dispatcher.sending) - running:
            self.dispatcher.halt(campaign_id)
        for campaign_id in running - self.sending:
            self.sending.add(campaign_id)
            tasks.create_task(self._send(campaign_id))

    async def _send(self, campaign_id: int) -> None:
        dispatcher = self.dispatcher
        try:
            while self.lease.is_valid() or not self.lease_kept:
                until = await dispatcher.run_batch(campaign_id)
                if until is None:
                    break
                await self.process.sleep(max(0.0, (until - self.process.world.wall()).total_seconds()))
        except sa.exc.OperationalError:
            await self.process.sleep(0.5)
        finally:
            self.sending.discard(campaign_id)


@dataclass
class Story:
    """A seed, faults and numbers; `tell` plays it and leaves the world to be judged."""

    seed: int
    faults: Faults
    recipients: int = 10
    workers: int = 2
    batch_size: int = 4
    batch_interval_ms: int = 1000
    lease_kept: bool = True
    operator: Sequence[str] = ()
    length: float = 10.0
    outage: tuple[float, float] | None = None
    unconfigured: tuple[float, float] | None = None
    canary_size: int | None = None
    pays_for: int | None = None
    """messages; more are not to be sent, as long as nobody raises the limit"""
    on_spend_limit: str = "pause"
    edits: int = 0
    """of batch size and interval, while it is sent"""

    def tell(self) -> World:
        self.world = World(self.seed, self.faults)
        loop = self.world.loop
        asyncio.set_event_loop(loop)
        try:
            with few_doubtful():
                loop.run_until_complete(self._play())
        finally:
            self._end(loop)
        return self.world

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()
        asyncio.set_event_loop(None)

    async def _play(self) -> None:
        world = self.world
        self.database = Database(world.engine, world.wall)
        self.campaign_id = make_campaign(self.database, self)
        self.senders = OneSender(prices=PRICES)
        self._tasks: list[asyncio.Task[None]] = []
        self._workers = [self._hire(f"worker-{n}") for n in range(self.workers)]
        self._tasks += [asyncio.create_task(self._operate()), asyncio.create_task(self._edit())]
        while world.loop.time() < self.length:
            self.senders.missing = within(self.unconfigured, world.loop.time())
            await asyncio.sleep(1.0)
            world.outage = within(self.outage, world.loop.time())
            self._replace_the_dead()
            judge_spending(self)
        self.reached_by_then = len(world.accepted)
        await self._let_it_end()

    def _raise_the_limit(self, campaign: Campaign) -> None:
        if (campaign.status_reason or {}).get("code") == "spend_limit" and campaign.spend_limit is not None:
            with self.database.write() as session:
                campaign_rows.update(session, campaign.id, spend_limit=campaign.spend_limit + 2 * PRICE)

    def events(self) -> set[tuple[str, str | None]]:
        """(what, the reason's code) of everything that was done to the campaign."""
        with self.database.read() as session:
            rows = session.execute(sa.select(Event.what, Event.why)).all()
        return {(what, (why or {}).get("code")) for what, why in rows}

    def _hire(self, name: str) -> Worker:
        worker = Worker(self.world, name, self.senders, self.lease_kept)
        self._tasks.append(asyncio.create_task(worker.live()))
        return worker

    def _replace_the_dead(self) -> None:
        for index, worker in enumerate(self._workers):
            if worker.process.dead:
                self._workers[index] = self._hire(f"{worker.process.name}+")

    async def _operate(self) -> None:
        for what in self.operator:
            await asyncio.sleep(self.world.delay(self.length / max(1, len(self.operator))))
            operate(self.database, self.campaign_id, what)

    async def _edit(self) -> None:
        self.limits = [(START, self.batch_size, self.batch_interval_ms)]
        for _ in range(self.edits):
            await asyncio.sleep(self.world.delay(self.length))
            size, interval = self.world.random.choice(SIZES), self.world.random.choice(INTERVALS_MS)
            with self.database.write() as session:
                campaign_rows.update(session, self.campaign_id, batch_size=size, batch_interval_ms=interval)
                self.limits.append((self.database.now(session), size, interval))

    async def _let_it_end(self) -> None:
        """Heal everything, resume, and wait until the campaign is at rest."""
        self.world.faults, self.world.outage = Faults(), False
        self.senders.missing = False
        for worker in self._workers:
            worker.process.mortal = False
        for _ in range(200):
            self._replace_the_dead()
            await asyncio.sleep(3.0)
            campaign = read_campaign(self.database, self.campaign_id)
            judge_spending(self)
            if campaign.status in ("paused", "failed"):
                self._raise_the_limit(campaign)
                operate(self.database, self.campaign_id, "resume")
            if campaign.sending_count + campaign.pending_count == 0 and campaign.status != "running":
                for worker in self._workers:
                    worker.retired = True
                await asyncio.sleep(LONGEST_FREEZE)
                return
        raise AssertionError(f"seed {self.seed}: not at rest: {campaign.status} {campaign.counts}")


@contextmanager
def few_doubtful() -> Iterator[None]:
    """Let the departure mark matter for the few rows that a story has."""
    before = gate.MOST_DOUBTFUL, gate.LEAST
    gate.MOST_DOUBTFUL, gate.LEAST = 3, 1
    try:
        yield
    finally:
        gate.MOST_DOUBTFUL, gate.LEAST = before


def within(span: tuple[float, float] | None, time: float) -> bool:
    return span is not None and span[0] <= time < span[1]


def make_campaign(database: Database, story: Story) -> int:
    with database.write() as session:
        now = database.now(session)
        new = NewCampaign(
            "bot",
            "story",
            "promo",
            batch_size=story.batch_size,
            batch_interval_ms=story.batch_interval_ms,
            spend_limit=None if story.pays_for is None else story.pays_for * PRICE,
            on_spend_limit=story.on_spend_limit,
            canary_size=story.canary_size,
            canary_wait_minutes=1,
        )
        campaign = campaign_rows.create(session, new, now)
        add_recipients(session, campaign.id, story.recipients, now)
        template = ResolvedTemplate("promo", "es_MX")
        actions.start(session, campaign.id, template, Act("operator", now))
        return campaign.id


def operate(database: Database, campaign_id: int, what: str) -> None:
    """What an operator does; a refusal is an answer too."""
    action = getattr(actions, what)
    try:
        with database.write() as session:
            action(session, campaign_id, Act("operator", database.now(session)))
    except Refusal:
        pass


def read_campaign(database: Database, campaign_id: int) -> Campaign:
    with database.read() as session:
        return campaign_rows.get(session, campaign_id)


def judge_spending(story: Story) -> None:
    """What Vonage's ledger would cost is at most what is counted, and that is within the limit."""
    campaign = read_campaign(story.database, story.campaign_id)
    counted = campaign.spend_committed + campaign.spend_possible
    accepted = sum(len(times) for times in story.world.accepted.values())
    assert accepted * PRICE <= counted, f"seed {story.seed}: {accepted} accepted, {counted} counted"
    if campaign.spend_limit is not None:
        assert counted <= campaign.spend_limit, f"seed {story.seed}: {counted} of {campaign.spend_limit}"
