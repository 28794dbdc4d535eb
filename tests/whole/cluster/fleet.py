"""Several workers, each with its own way to PostgreSQL, and campaigns of several bots, one number shared.

Every other worker's way leads through a pooler. Botpress keeps its files in a database.
"""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.template import ResolvedTemplate
from tests.support.cut import Proxy
from tests.support.engine_process import EngineProcess
from tests.support.installation import Installation, installation
from tests.support.pooler import Pooler, pooler_before
from tests.support.recipients import add_recipients
from tests.whole.cluster import neighbour
from tests.whole.cluster.botpress import BotpressDatabase
from tests.whole.cluster.neighbour import Neighbour

APART = 100_000
"""between the first numbers of two campaigns"""

SECRET = "s3cret-of-the-account"


@dataclass(frozen=True)
class Plan:
    """What is sent: campaigns of `recipients` each; the first two share a number."""

    campaigns: int
    recipients: int
    per_second: float
    batch_size: int
    batch_interval_ms: int


@dataclass
class WorkerOnItsOwn:
    """A worker's process and its way to the database."""

    proxy: Proxy
    process: EngineProcess


@dataclass
class Fleet:
    """`workers` send `sent`, the campaigns' ids in the plan's order; `server` is the folder of its socket."""

    installed: Installation
    server: str
    plan: Plan
    botpress: BotpressDatabase
    pooler: Pooler
    neighbour: Neighbour
    limits: dict[int, list[tuple[datetime, int, float]]] = field(default_factory=dict)
    """for each campaign, since when which (size, interval in seconds) holds"""
    workers: list[WorkerOnItsOwn] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def prepare(self) -> None:
        """Bots and their running campaigns; nobody sends yet."""
        bots = [f"bot-{max(0, n - 1)}" for n in range(self.plan.campaigns)]
        data = self.installed.data
        for number, bot in enumerate(dict.fromkeys(bots)):
            data.add_channel({"enabled": True, "apiKey": key(number), "apiSecret": SECRET}, bot)
            settings = {
                "senderNumber": self.number(number),
                "messagesPerSecond": self.plan.per_second,
            }
            data.write(f"bots/{bot}/config/outbound-campaigns.json", settings)
        self.neighbour.write_files(key(0), self.number(0))
        data.write(
            "global/workspaces.json", [{"id": "default", "bots": [*dict.fromkeys(bots), neighbour.BOT]}]
        )
        self.botpress.store(data.path)
        self.sent = [self._campaign(n, bot) for n, bot in enumerate(bots)]
        self.neighbour.campaign_id = self._campaign(len(bots), neighbour.BOT, neighbour.RECIPIENTS)

    def number(self, bot: int) -> str:
        return f"+52155500{bot:05d}"

    def _campaign(self, number: int, bot: str, recipients: int | None = None) -> int:
        plan, database = self.plan, self.installed.database
        with database.write() as session:
            now = database.now(session)
            new = NewCampaign(
                bot,
                f"c{number}",
                "promo",
                batch_size=plan.batch_size,
                batch_interval_ms=plan.batch_interval_ms,
            )
            campaign_id = campaign_rows.create(session, new, now).id
            add_recipients(session, campaign_id, recipients or plan.recipients, now, number * APART)
            self.limits[campaign_id] = [(now, plan.batch_size, plan.batch_interval_ms / 1000)]
            act = Act("operator", now)
            actions.start(session, campaign_id, ResolvedTemplate("promo", "es_MX"), act)
            return campaign_id

    def start_worker(self) -> WorkerOnItsOwn:
        folder = Path(mkdtemp(prefix="w"))  # a short path: a socket's may have 107 bytes
        self.folders.append(folder)
        way = (self.server, str(self.pooler.folder))[len(self.folders) % 2]
        proxy = Proxy(folder, way)
        proxy.open()
        url = self.installed.database_url.replace(self.server, str(folder))
        process = self.installed.start_engine(database_url=url, BOTPRESS_DATABASE_URL=self.botpress.url)
        self.workers.append(WorkerOnItsOwn(proxy, process))
        return self.workers[-1]

    def replace(self, worker: WorkerOnItsOwn) -> None:
        """Kill a worker with -9; another comes."""
        worker.process.kill()
        worker.process.wait()
        worker.proxy.cut()
        self.workers.remove(worker)
        self.start_worker()

    def freeze(self, worker: WorkerOnItsOwn, seconds: float) -> None:
        worker.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        worker.process.send_signal(signal.SIGCONT)

    def cut_off(self, worker: WorkerOnItsOwn, seconds: float) -> None:
        """No way to the database for a while."""
        worker.proxy.cut()
        time.sleep(seconds)
        worker.proxy.open()

    def restart_pooler(self, seconds: float) -> None:
        """The pooler dies, and comes back after a while."""
        self.pooler.kill()
        time.sleep(seconds)
        self.pooler.start()

    def edit_limit(self, campaign_id: int, size: int, interval_ms: int) -> None:
        with self.installed.database.write() as session:
            campaign_rows.update(session, campaign_id, batch_size=size, batch_interval_ms=interval_ms)
            now = self.installed.database.now(session)
            self.limits[campaign_id].append((now, size, interval_ms / 1000))

    def states(self) -> Sequence[tuple[str, dict[str, int]]]:
        with self.installed.database.read() as session:
            query = sa.select(Campaign).where(Campaign.id.in_(self.sent)).order_by(Campaign.id)
            return [(one.status, one.counts) for one in session.execute(query).scalars()]

    @property
    def is_done(self) -> bool:
        return all(status == "completed" for status, _ in self.states())

    def close(self) -> None:
        for worker in self.workers:
            worker.process.send_signal(signal.SIGCONT)
            worker.proxy.cut()
        self.installed.kill_engines()
        for folder in self.folders:
            shutil.rmtree(folder, ignore_errors=True)


def key(bot: int) -> str:
    """The apiKey of a bot's account."""
    return f"account{bot}"


@contextmanager
def fleet(folder: Path, url: str, server: str, plan: Plan, workers: int) -> Iterator[Fleet]:
    """Workers at work; everything stopped at the end."""
    with ExitStack() as stack:
        accounts = [{"api_key": key(bot), "api_secret": SECRET} for bot in range(plan.campaigns)]
        installed = stack.enter_context(installation(folder, url, "cluster", accounts=accounts))
        ways = [Path(stack.enter_context(TemporaryDirectory(prefix="w"))) for _ in range(2)]
        botpress = stack.enter_context(
            BotpressDatabase(ways[0], server, f"botpress_of_{make_url(url).database}")
        )
        pooler = stack.enter_context(pooler_before(server, ways[1]))
        made = Fleet(installed, server, plan, botpress, pooler, Neighbour(installed))
        stack.callback(made.close)
        made.prepare()
        for _ in range(workers):
            made.start_worker()
        yield made
