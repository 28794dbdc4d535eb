"""The queue of a cluster: Procrastinate's jobs in our PostgreSQL, each of which wakes one campaign.

A job only says when to look. Our own rows ensure that one worker at a time sends a campaign, and only
one sends each row. So jobs may come twice or late, or be lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import sqlalchemy as sa
from procrastinate import App, PsycopgConnector
from procrastinate.app import WorkerOptions
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager
from psycopg.errors import UndefinedFunction, UndefinedTable
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import CampaignStatus
from outbound_campaigns.engine.queue_tables import JOBS

QUEUE = "outbound_campaigns"
TASK = "outbound_campaigns.send"

ABREAST = 500
"""campaigns that one worker sends at once"""

STALLED = 10.0
"""seconds without a heartbeat after which a worker's job is taken from it"""

_TRIES_AGAIN = 1.0
_CONNECTS_WITHIN = 5.0

_CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    # Behind a pooler, the next transaction may be on a server that knows nothing of a prepared statement.
    "prepare_threshold": None,
}

log = logging.getLogger(__name__)
for name in ("procrastinate", "psycopg.pool"):
    # What they would log is logged here, in one line.
    logging.getLogger(name).setLevel(logging.CRITICAL)

_AS_WORKER: WorkerOptions = {
    "queues": [QUEUE],
    "concurrency": ABREAST,
    # Often enough without notices, which a pooler does not pass on.
    "fetch_job_polling_interval": 0.1,
    "listen_notify": False,
    "shutdown_graceful_timeout": 2.0,
    "delete_jobs": "always",
    "install_signal_handlers": False,
    "update_heartbeat_interval": 1.0,
    "stalled_worker_timeout": STALLED,
}

_deferring = App(connector=PsycopgConnector())
"""never opened: it defers through the connection of the transaction that causes the job"""


def wake_by_job(session: Session, campaign_id: int, at: datetime | None) -> None:
    """Queue a job that wakes the campaign, unless one like it waits already; a Wake for the database.

    Jobs for now and for later have separate locks, so that neither keeps the other out.
    Raises OperationalError when the database is gone.
    """
    try:
        with session.begin_nested():
            # Asked for in here, since only that makes the savepoint.
            connection = session.connection().connection.driver_connection
            lock = f"campaign-{campaign_id}-{'now' if at is None else 'later'}"
            job = _deferring.configure_task(
                TASK, queue=QUEUE, queueing_lock=lock, schedule_at=at, connection=connection
            )
            job.defer(campaign_id=campaign_id)
    except AlreadyEnqueued:
        return
    except ConnectorException as error:
        if not isinstance(error.__cause__, UndefinedFunction | UndefinedTable):
            raise OperationalError(TASK, None, error.__cause__ or error) from error
        # Without these tables no worker runs, and each reports it; later the leader wakes campaigns.
        log.error("the queue's tables are missing, run: outbound-campaigns db upgrade")  # noqa: TRY400 - no fault


class Queue:
    """Fetches jobs for one worker, and removes those of dead ones."""

    def __init__(self, database: Database) -> None:
        # The driver's own name for what SQLAlchemy calls postgresql+psycopg.
        url = database.engine.url.set(drivername="postgresql")
        self._address = url.render_as_string(hide_password=False)
        self._app: App | None = None

    async def work(self, run: Callable[[int], Awaitable[None]]) -> None:
        """Call `run` for each campaign that a job wakes, until cancelled."""
        while not _is_cancelled():
            try:
                async with self.connected() as app:
                    app.task(name=TASK, queue=QUEUE)(_only(run))
                    await app.run_worker_async(**_AS_WORKER)
            except Exception as error:
                # If cancelled while the database is unavailable, the library ends with the database's error.
                log.warning("the queue can't be read, trying again: %s", type(error).__name__)
            if not _is_cancelled():
                await asyncio.sleep(_TRIES_AGAIN)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[App]:
        """Yield an open App. It is made anew each time: one that once failed to open never opens."""
        connector = PsycopgConnector(
            conninfo=self._address, min_size=1, max_size=4, timeout=_CONNECTS_WITHIN, kwargs=_CONNECTING
        )
        async with App(connector=connector).open_async() as app:
            self._app = app
            try:
                yield app
            finally:
                self._app = None

    async def remove_stalled(self) -> None:
        """Delete the jobs of dead workers, whose campaigns others wake. Does nothing while not connected."""
        if self._app is None:
            return
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED):
            await manager.finish_job(job, status=Status.FAILED, delete_job=True)
        await manager.prune_stalled_workers(STALLED)


def _only(run: Callable[[int], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
    """Return `run` as a plain function with named arguments, which is what the library registers."""

    async def send(campaign_id: int) -> None:
        await run(campaign_id)

    return send


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def wake_forgotten(database: Database) -> None:
    """Wake the running campaigns that no worker sends and no job is going to wake."""
    with database.write() as session:
        waiting = set(session.execute(_WAITING, {"queue": QUEUE}).scalars())
        running = sa.select(Campaign.id).where(
            Campaign.status == CampaignStatus.RUNNING,
            Campaign.worker.is_(None),
            Campaign.deleted_at.is_(None),
        )
        for campaign_id in session.execute(running).scalars():
            if campaign_id not in waiting:
                wake_by_job(session, campaign_id, None)


def create_tables(database: Database) -> None:
    """Create Procrastinate's own tables beside ours, unless they exist."""
    with database.write() as session:
        connection = session.connection()
        if not sa.inspect(connection).has_table(JOBS):
            connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))


_WAITING = sa.text(
    "SELECT (args->>'campaign_id')::bigint FROM procrastinate_jobs"
    " WHERE queue_name = :queue AND status IN ('todo', 'doing')"
)
