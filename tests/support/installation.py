"""A whole installation for a test: Botpress's folder, a database, a simulator, engines as processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.queue import create_tables, wake_by_job
from tests.support.data_folder import DataFolder
from tests.support.engine_process import EngineProcess
from tests.support.everyone import chosen_for
from tests.support.recipients import add_recipients
from tests.support.simulator_process import simulator_in_a_process
from tests.support.tables import make_tables, url_of

BOT = "demo-bot"
CHANNEL = {"enabled": True, "apiKey": "abcd1234", "apiSecret": "s3cret-of-the-account"}


@dataclass
class Installation:
    """`simulator` is its URL; engines started here are killed at the end."""

    folder: Path
    simulator: str
    database_url: str
    engine: str = "embedded"
    engines: list[EngineProcess | subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        wake = wake_by_job if self.engine == "cluster" else None
        self.database: Database = open_database(self.database_url, wake=wake)
        if not sa.inspect(self.database.engine).has_table(Campaign.__tablename__):
            make_tables(self.database)
        if wake is not None:
            create_tables(self.database)
        self.data = DataFolder(self.folder / "data")
        self.data.add_channel(CHANNEL)
        self.set_pace(2000)

    def set_pace(self, messages_per_second: float) -> None:
        settings = {"senderNumber": "+52 1 55 5000 1111", "messagesPerSecond": messages_per_second}
        self.data.write(f"bots/{BOT}/config/outbound-campaigns.json", settings)

    def set_prices(self, countries: dict[str, float]) -> None:
        settings = {"prices": {"currency": "USD", "countries": countries}}
        self.data.write("global/config/outbound-campaigns.json", settings)

    @property
    def environ(self) -> dict[str, str]:
        return os.environ | {
            "BOTPRESS_DATA_DIR": str(self.data.path),
            "OUTBOUND_DATABASE_URL": self.database_url,
            "OUTBOUND_ENGINE": self.engine,
            "OUTBOUND_VONAGE_URL": self.simulator,
        }

    def start_engine(
        self,
        kill_at: str = "",
        lease_expires: float = 5.0,
        templates_each: float = 300.0,
        database_url: str | None = None,
        **more: str,
    ) -> EngineProcess:
        """An engine's process, with `more` in its environment; `kill_at` ("point:times") is where it dies."""
        url = database_url or self.database_url
        environ = self.environ | {"KILL_AT": kill_at, "LEASE_EXPIRES": str(lease_expires)}
        environ |= {"TEMPLATES_EACH": str(templates_each), "OUTBOUND_DATABASE_URL": url} | more
        # Not measured for coverage, which would slow them down.
        environ = {name: value for name, value in environ.items() if not name.startswith("COVERAGE_")}
        engine = EngineProcess(environ, self.folder / "engines.log")
        self.engines.append(engine)
        return engine

    def close(self) -> None:
        self.kill_engines()
        self.database.dispose()

    def kill_engines(self) -> None:
        for engine in self.engines:
            engine.kill()
            engine.wait()
        self.engines.clear()

    def campaign(
        self, recipients: int, batch_size: int = 1000, batch_interval_ms: int = 1000, **fields: Any
    ) -> int:
        """A running campaign; its id."""
        with self.database.write() as session:
            now = self.database.now(session)
            fields |= {"batch_size": batch_size, "batch_interval_ms": batch_interval_ms}
            new = NewCampaign(BOT, "test", "promo", **fields)
            campaign_id = campaign_rows.create(session, new, now).id
            add_recipients(session, campaign_id, recipients, now)
            template = ResolvedTemplate("promo", "es_MX")
            actions.start(session, campaign_id, template, Act("operator", now))
            return campaign_id

    def read(self, campaign_id: int) -> Campaign:
        with self.database.read() as session:
            return campaign_rows.get(session, campaign_id)

    def wait(self, campaign_id: int, until: Callable[[Campaign], bool], seconds: float = 60.0) -> Campaign:
        """Read the campaign until it is so. Raises AssertionError when it does not come."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            campaign = self.read(campaign_id)
            if until(campaign):
                return campaign
            time.sleep(0.05)
        raise AssertionError(f"waited {seconds} s: {campaign.status} {campaign.counts}")

    def wait_for_end(self, campaign_id: int, seconds: float = 60.0) -> Campaign:
        return self.wait(campaign_id, lambda c: c.status not in ("running", "scheduled"), seconds)

    def operate(self, campaign_id: int, what: str) -> None:
        """What an operator does: pause, resume, cancel, retry_failed."""
        with self.database.write() as session:
            act = Act("operator", self.database.now(session))
            getattr(actions, what)(session, campaign_id, act, *chosen_for(what))

    def engine_log(self) -> str:
        return (self.folder / "engines.log").read_text()

    def wait_for_log(self, words: str) -> None:
        """Until an engine has said so."""
        end = time.monotonic() + 30
        while words not in self.engine_log():
            assert time.monotonic() < end, self.engine_log()[-2000:]
            time.sleep(0.1)

    def set_faults(self, **faults: Any) -> None:
        requests.post(f"{self.simulator}/_simulator/faults", json=faults, timeout=10).raise_for_status()

    def clear(self) -> None:
        """No faults, an empty ledger."""
        self.set_faults(reset=True)
        requests.delete(f"{self.simulator}/_simulator/ledger", timeout=10).raise_for_status()

    def ledger(self) -> dict[str, Any]:
        answer = requests.get(f"{self.simulator}/_simulator/ledger", timeout=30)
        result: dict[str, Any] = answer.json()
        return result

    def accepted(self) -> Counter[str]:
        """How often each client_ref's message was accepted, and each number's."""
        lines = requests.get(f"{self.simulator}/_simulator/ledger/accepted", timeout=30).text.splitlines()
        return Counter(json.loads(line)["to"] for line in lines)

    def arrivals(self) -> list[float]:
        """When requests came, in seconds since 1970."""
        lines = requests.get(f"{self.simulator}/_simulator/ledger/arrivals", timeout=30).text.splitlines()
        return [json.loads(line)["wall"] for line in lines]

    def arrivals_by_sender(self) -> dict[str, list[float]]:
        """The same for each sender's number."""
        lines = requests.get(f"{self.simulator}/_simulator/ledger/arrivals", timeout=60).text.splitlines()
        times: dict[str, list[float]] = {}
        for line in map(json.loads, lines):
            times.setdefault(line["sender"], []).append(line["wall"])
        return times

    def send_times(self, campaign_id: int) -> list[datetime]:
        """The recorded times at which requests of a campaign began, in order."""
        query = (
            sa.select(Attempt.sent_at)
            .join(Recipient, Recipient.id == Attempt.recipient_id)
            .where(Recipient.campaign_id == campaign_id, Attempt.sent_at.is_not(None))
        )
        with self.database.read() as session:
            times = [time for time in session.execute(query).scalars() if time is not None]
        return sorted(times)

    def assert_promise(self, campaign_id: int) -> None:
        """Nobody twice, nobody forgotten: each recipient's status held against the ledger."""
        accepted = self.accepted()
        with self.database.read() as session:
            query = sa.select(Recipient).where(Recipient.campaign_id == campaign_id)
            recipients = session.execute(query).scalars().all()
            campaign = campaign_rows.get(session, campaign_id)
        possible = {"sent": (1,), "in_doubt": (0, 1)}
        for recipient in recipients:
            times = accepted[recipient.phone_number.lstrip("+")]
            assert times in possible.get(recipient.status, (0,)), (recipient.status, times)
        counted = Counter(recipient.status for recipient in recipients)
        assert {k: v for k, v in campaign.counts.items() if v and k != "total"} == dict(counted)

    def assert_nobody_twice(self) -> None:
        """No number's message was accepted more than once."""
        assert [number for number, times in self.accepted().items() if times > 1] == []

    def assert_window(self, campaign_id: int, size: int, interval: float) -> None:
        """At most `size` requests began in any `interval` seconds (tolerance 10 ms)."""
        times = self.send_times(campaign_id)
        for first, last in zip(times, times[size:], strict=False):
            assert (last - first).total_seconds() >= interval - 0.010


def wanted_engine() -> str:
    return os.environ.get("TEST_ENGINE", "embedded")


@contextmanager
def installation(
    folder: Path, database_url: str, engine: str | None = None, **simulator: object
) -> Iterator[Installation]:
    """Everything started and, at the end, stopped.

    With TEST_ENGINE=cluster in the environment, it is the engine wherever PostgreSQL is the database.
    """
    engine = engine or ("embedded" if database_url.startswith("sqlite") else wanted_engine())
    folder.mkdir(parents=True, exist_ok=True)
    with simulator_in_a_process({"receipts": {"on": False}, **simulator}) as url:
        installed = Installation(folder, url, database_url, engine)
        try:
            yield installed
        finally:
            installed.close()


def installation_of(
    request: pytest.FixtureRequest,
    folder: Path,
    databases: str = "new_postgres_database",
    make_tables: Callable[[Database], None] = make_tables,
) -> AbstractContextManager[Installation]:
    """By the parameter: sqlite, postgresql (with an embedded engine, unless told otherwise), or cluster."""
    url = url_of(request, folder, databases)
    with open_database(url) as database:
        if not sa.inspect(database.engine).has_table(Campaign.__tablename__):
            make_tables(database)
    return installation(folder, url, "cluster" if request.param == "cluster" else None)


def stop(engine: EngineProcess, seconds: float = 25.0) -> float:
    """Send SIGTERM; the seconds until it had ended."""
    began = time.monotonic()
    engine.send_signal(signal.SIGTERM)
    engine.wait(seconds)
    return time.monotonic() - began
