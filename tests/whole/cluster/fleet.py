"""Several workers, each with its own way to PostgreSQL, and campaigns of several bots, one number shared."""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp

import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Campaign, Recipient
from outbound_campaigns.domain.template import ResolvedTemplate
from tests.support.cut import Proxy
from tests.support.engine_process import EngineProcess
from tests.support.installation import Installation, installation
from tests.support.recipients import add_recipients

APART = 100_000
"""between the first numbers of two campaigns"""

TOLERANCE = 0.1
"""seconds by which a late slice may catch up with its pace, and a worker with its slice (sending/pace.py)"""

TRAVELS = 0.05
"""seconds that a request may take to the simulator"""

BUNCHES = 0.25
"""seconds that requests may take to it more than others, where all share a machine"""


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
    """`workers` send `sent`, the campaigns' ids in the plan's order."""

    installed: Installation
    server: str
    plan: Plan
    workers: list[WorkerOnItsOwn] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)

    def prepare(self) -> None:
        """Bots and their running campaigns; nobody sends yet."""
        bots = [f"bot-{max(0, n - 1)}" for n in range(self.plan.campaigns)]
        data = self.installed.data
        for number, bot in enumerate(dict.fromkeys(bots)):
            channel = {"enabled": True, "apiKey": f"account{number}", "apiSecret": "s3cret-of-the-account"}
            data.add_channel(channel, bot)
            settings = {
                "senderNumber": self.number(number),
                "messagesPerSecond": self.plan.per_second,
            }
            data.write(f"bots/{bot}/config/outbound-campaigns.json", settings)
        data.write("global/workspaces.json", [{"id": "default", "bots": list(dict.fromkeys(bots))}])
        self.sent = [self._campaign(n, bot) for n, bot in enumerate(bots)]

    def number(self, bot: int) -> str:
        return f"+52155500{bot:05d}"

    def _campaign(self, number: int, bot: str) -> int:
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
            add_recipients(session, campaign_id, plan.recipients, now, number * APART)
            act = Act("operator", now)
            actions.start(session, campaign_id, ResolvedTemplate("promo", "es_MX"), act)
            return campaign_id

    def start_worker(self) -> WorkerOnItsOwn:
        folder = Path(mkdtemp(prefix="w"))  # a short path: a socket's may have 107 bytes
        self.folders.append(folder)
        proxy = Proxy(folder, self.server)
        proxy.open()
        url = self.installed.database_url.replace(self.server, str(folder))
        process = self.installed.start_engine(database_url=url)
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

    def judge(self) -> None:
        """The promise, each campaign's windows, and the shared number's pace."""
        self._judge_recipients()
        plan, interval = self.plan, self.plan.batch_interval_ms / 1000
        for campaign_id in self.sent:
            self.installed.assert_window(campaign_id, plan.batch_size, interval)
        arrivals = self.installed.arrivals_by_sender()
        for bot in range(1, plan.campaigns - 1):
            # One campaign to a number: requests that were recorded nowhere count, too.
            times = arrivals[self.number(bot).lstrip("+")]
            assert _most_within(times, interval - TRAVELS) <= plan.batch_size
        self._judge_pace(arrivals[self.number(0).lstrip("+")], BUNCHES)
        sharing = [self.installed.send_times(campaign_id) for campaign_id in self.sent[:2]]
        self._judge_pace(sorted(time.timestamp() for times in sharing for time in times), 0.0)

    def _judge_pace(self, times: Sequence[float], travels: float) -> None:
        for seconds in (1.0, 10.0):
            densest = _most_within(times, seconds - travels)
            assert densest <= self.plan.per_second * (seconds + 2 * TOLERANCE) + 1, (seconds, densest)

    def _judge_recipients(self) -> None:
        accepted = self.installed.accepted()
        assert max(accepted.values()) == 1, "somebody was messaged twice"
        with self.installed.database.read() as session:
            rows = session.execute(sa.select(Recipient.campaign_id, Recipient.phone_number, Recipient.status))
            by_campaign: Counter[int] = Counter()
            for campaign_id, number, status in rows:
                by_campaign[campaign_id] += 1
                possible = {"sent": (1,), "in_doubt": (0, 1)}[status]
                assert accepted[number.lstrip("+")] in possible, (status, accepted[number.lstrip("+")])
        assert by_campaign == dict.fromkeys(self.sent, self.plan.recipients)


def _most_within(times: Sequence[float], seconds: float) -> int:
    """The most of these (in order) that lie in any stretch of so many seconds."""
    most, first = 0, 0
    for last, at in enumerate(times):
        while times[first] <= at - seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


@contextmanager
def fleet(folder: Path, url: str, server: str, plan: Plan, workers: int) -> Iterator[Fleet]:
    """Workers at work; everything stopped at the end."""
    with ExitStack() as stack:
        installed = stack.enter_context(installation(folder, url, "cluster"))
        made = Fleet(installed, server, plan)
        stack.callback(made.close)
        made.prepare()
        for _ in range(workers):
            made.start_worker()
        yield made
