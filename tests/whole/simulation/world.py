"""A world in which time is a number: workers that die and freeze, a database, a Vonage with a ledger."""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from outbound_campaigns.database.base import Base
from outbound_campaigns.database.models import Instance
from outbound_campaigns.database.transactions import Database, prepare
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.vonage.fence import Fence, TooLate
from outbound_campaigns.vonage.senders import Sender
from tests.support.tables import make_tables
from tests.support.virtual_time import VirtualLoop

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

LONGEST_FREEZE = 15.0


class Dead(BaseException):
    """The process was killed: nothing of it runs any more."""


@dataclass
class Faults:
    """How often things go wrong; shares of 1."""

    error_5xx: float = 0.0
    reset_after_accept: float = 0.0
    not_connected: float = 0.0
    refused_number: float = 0.0
    throttled: float = 0.0
    account_trouble: float = 0.0
    die_at_step: float = 0.0
    die_at_commit: float = 0.0
    freeze: float = 0.0
    database_away: float = 0.0
    take_over: float = 0.0
    """from workers that live, at each look of one that has no lease"""


@dataclass
class World:
    """Everything random comes from one seed."""

    seed: int
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.loop = VirtualLoop()
        self.engine = shared_engine()
        self.accepted: dict[str, list[float]] = defaultdict(list)
        self.uuids: dict[str, str] = {}
        self.requests: dict[str, list[tuple[float, str]]] = defaultdict(list)
        """by campaign, when each began, and its client_ref"""
        self.refs: Counter[str] = Counter()
        self.outage = False
        self.wall_shift = 0.0

    def wall(self) -> datetime:
        return START + timedelta(seconds=self.loop.time() + self.wall_shift)

    def happens(self, share: float) -> bool:
        return share > 0 and self.random.random() < share

    def delay(self, most: float) -> float:
        return self.random.random() * most


_ENGINE: list[sa.Engine] = []


def shared_engine() -> sa.Engine:
    """One in-memory database for all runs, emptied for each: making tables takes longer than a run."""
    if not _ENGINE:
        engine = sa.create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
        prepare(engine)
        make_tables(Database(engine))
        _ENGINE.append(engine)
    with Session(_ENGINE[0]) as session, session.begin():
        for table in reversed(Base.metadata.sorted_tables):
            if table is not Instance.__table__:
                session.execute(sa.delete(table))
    return _ENGINE[0]


class Process:
    """One worker's process: it takes its time, it may freeze, it may be killed at any step."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.dead = False
        self.frozen_until = 0.0
        self.mortal = True

    def elapsed(self) -> float:
        return self.world.loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._be_alive()

    async def step(self, longest: float) -> None:
        faults = self.world.faults
        await asyncio.sleep(self.world.delay(longest))
        if self.mortal and self.world.happens(faults.die_at_step):
            self.dead = True
        if self.mortal and self.world.happens(faults.freeze):
            self.frozen_until = self.elapsed() + self.world.delay(LONGEST_FREEZE)
        await self._be_alive()

    async def _be_alive(self) -> None:
        while self.frozen_until > self.elapsed() and not self.dead:
            await asyncio.sleep(self.frozen_until - self.elapsed())
        if self.dead:
            await asyncio.get_running_loop().create_future()

    async def in_thread(self, function: Callable[[], Any]) -> Any:
        await self.step(0.01)
        try:
            result = function()
        except Dead:
            await self._be_alive()
        await self.step(0.005)
        return result


class ProcessDatabase(Database):
    """The world's database, as one process reaches it: it may be killed right after a commit."""

    def __init__(self, process: Process) -> None:
        super().__init__(process.world.engine, process.world.wall)
        self._process = process

    @contextmanager
    def write(self) -> Iterator[Session]:
        world, process = self._process.world, self._process
        if process.dead:
            raise Dead
        if process.mortal and world.happens(world.faults.database_away):
            raise sa.exc.OperationalError("away", None, Exception("away"))
        with super().write() as session:
            yield session
        if process.mortal and world.happens(world.faults.die_at_commit):
            process.dead = True
            raise Dead


class LedgerGateway:
    """Vonage: its ledger knows what was accepted, whatever it answered."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def send(self, sender: Sender, message: Mapping[str, Any], fence: Fence) -> Outcome:
        world, faults = self._process.world, self._process.world.faults
        await self._process.step(0.02)
        if world.happens(faults.not_connected):
            return Outcome(OutcomeKind.NOT_CONNECTED, "not_connected")
        try:
            fence.begin()
        except TooLate:
            return Outcome(OutcomeKind.NOT_BEGUN, "claim_expired")
        number, ref = message["to"], message["client_ref"]
        world.requests[ref.split("-")[0]].append((world.loop.time(), ref))
        # What happens between the check and the first byte can't be undone: it leaves when the process wakes.
        await self._process.step(0.001)
        outcome = self._answer(world, faults, number, ref)
        await self._process.step(0.3)
        return outcome

    def _answer(self, world: World, faults: Faults, number: str, ref: str) -> Outcome:
        if world.outage or world.happens(faults.error_5xx):
            return Outcome(OutcomeKind.IN_DOUBT, "http_503")
        if world.happens(faults.throttled):
            return Outcome(OutcomeKind.THROTTLED, "http_429")
        if world.happens(faults.account_trouble):
            return Outcome(OutcomeKind.ACCOUNT_TROUBLE, "http_402")
        if world.happens(faults.refused_number):
            return Outcome(OutcomeKind.RECIPIENT_REFUSED, "http_422_to")
        world.accepted[number].append(world.loop.time())
        world.refs[ref] += 1
        uuid = f"uuid-{sum(world.refs.values())}"
        world.uuids[number] = uuid
        if world.happens(faults.reset_after_accept):
            return Outcome(OutcomeKind.IN_DOUBT, "connection_lost")
        return Outcome(OutcomeKind.ACCEPTED, message_uuid=uuid)

    async def probe(self, sender: Sender) -> bool:
        await self._process.step(0.1)
        return not self._process.world.outage
