"""An engine's process that kills itself with -9 at a named point: KILL_AT=point:times."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from outbound_campaigns.database.transactions import Database, Wake, open_database
from outbound_campaigns.domain.outcome import Outcome
from outbound_campaigns.engine.assembly import assemble, end_process
from outbound_campaigns.engine.embedded import EmbeddedEngine
from outbound_campaigns.engine.lease import EngineLease
from outbound_campaigns.engine.waking import wake_of
from outbound_campaigns.runtime.ending import call_when_asked_to_end
from outbound_campaigns.runtime.logs import log_to_stderr
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.vonage.fence import Fence
from outbound_campaigns.vonage.gateway import Endpoint, VonageGateway
from outbound_campaigns.vonage.senders import Sender

POINTS = (
    "before_claim_commits",
    "after_claim_commits",
    "before_request",
    "during_request",
    "after_answer",
    "before_record_commits",
    "after_record_commits",
)

_WRITERS = {"claim_slice": "claim", "record": "record"}


class Trap:
    """Springs the n-th time that its point is passed."""

    def __init__(self, kill_at: str) -> None:
        self.point, _, times = kill_at.partition(":")
        self._left = int(times or 1)

    def passes(self, point: str) -> None:
        if point != self.point:
            return
        self._left -= 1
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


class TrappedDatabase(Database):
    def __init__(self, database: Database, trap: Trap, wake: Wake | None) -> None:
        super().__init__(database.engine, wake=wake)
        self._trap = trap

    @contextmanager
    def write(self) -> Iterator[Session]:
        what = _writer()
        with super().write() as session:
            yield session
            session.flush()
            self._trap.passes(f"before_{what}_commits")
        self._trap.passes(f"after_{what}_commits")


class TrappedGateway(VonageGateway):
    def __init__(self, endpoint: Endpoint, trap: Trap) -> None:
        super().__init__(endpoint)
        self._trap = trap

    async def send(self, sender: Sender, message: Mapping[str, Any], fence: Fence) -> Outcome:
        self._trap.passes("before_request")
        loop = asyncio.get_running_loop()
        if self._trap.point == "during_request":
            loop.call_later(0.02, self._trap.passes, "during_request")
        outcome = await super().send(sender, message, fence)
        self._trap.passes("after_answer")
        return outcome


def _writer() -> str:
    """Which of the two transactions of a send is being opened."""
    frame = sys._getframe(2)
    while frame.f_back is not None:
        if frame.f_code.co_name in _WRITERS:
            return _WRITERS[frame.f_code.co_name]
        frame = frame.f_back
    return "other"


class NoLease(EngineLease):
    """Every holder believes that it is the engine."""

    def acquire(self) -> bool:
        self.valid_until = self._elapsed() + 3600
        return True


async def main() -> None:
    settings, trap = Settings.from_environ(os.environ), Trap(os.environ.get("KILL_AT", ""))
    database = TrappedDatabase(open_database(settings.database_url), trap, wake_of(settings))
    endpoint = Endpoint(settings.vonage_url, settings.connect_timeout, settings.read_timeout)
    async with TrappedGateway(endpoint, trap) as gateway:
        expires = float(os.environ.get("LEASE_EXPIRES", "5"))
        each = float(os.environ.get("TEMPLATES_EACH", "300"))
        engine = assemble(settings, os.environ, database, gateway, expires, each)
        if trap.point == "no_lease" and isinstance(engine, EmbeddedEngine):
            engine._lease = NoLease(database, engine._parts.worker, engine._parts.clock.elapsed)
        call_when_asked_to_end(engine.stop)
        await engine.run()


def run() -> None:
    log_to_stderr("text")
    asyncio.run(main())
    end_process()


if __name__ == "__main__":
    run()
