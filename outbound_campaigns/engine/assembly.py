"""Assembles an engine from the settings, and runs it as a process."""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Mapping

from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.engine.embedded import EmbeddedEngine
from outbound_campaigns.engine.forwarding import Forwarding
from outbound_campaigns.engine.glance import Glance
from outbound_campaigns.engine.heartbeat import EXPIRES
from outbound_campaigns.engine.importing import Importing
from outbound_campaigns.engine.judging import Judging
from outbound_campaigns.engine.leadership import Leadership
from outbound_campaigns.engine.linking import Linking
from outbound_campaigns.engine.parts import Parts
from outbound_campaigns.engine.process import EngineProcess
from outbound_campaigns.engine.reconciling import Reconciling
from outbound_campaigns.engine.template_watch import EACH, TemplateWatch
from outbound_campaigns.engine.waking import wake_of
from outbound_campaigns.engine.watch import Watch
from outbound_campaigns.runtime.clock import SystemClock
from outbound_campaigns.runtime.ending import call_when_asked_to_end
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import Preparation, bots_of
from outbound_campaigns.vonage.gateway import Endpoint, Gateway, VonageGateway
from outbound_campaigns.vonage.senders import BotSenders


def worker_name() -> str:
    """Return the name under which this process claims rows; different for every start."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def request_timeout(settings: Settings) -> float:
    """Return the seconds after which a request to Vonage has ended, one way or the other."""
    return settings.connect_timeout + settings.read_timeout


def assemble(
    settings: Settings,
    environ: Mapping[str, str],
    database: Database,
    gateway: Gateway,
    lease_expires: float = EXPIRES,
    templates_each: float = EACH,
) -> EngineProcess:
    """Return an engine of the settings' kind. Raises InvalidValue where its library is missing."""
    parts = _parts(settings, environ, database, gateway, templates_each)
    if wake_of(settings) is None:
        lease = Leadership(database, parts.worker, parts.clock.elapsed, lease_expires)
        return EmbeddedEngine(parts, lease)
    from outbound_campaigns.engine.cluster import ClusterEngine
    from outbound_campaigns.engine.queue import Queue

    return ClusterEngine(parts, Queue(database), lease_expires)


def _parts(
    settings: Settings,
    environ: Mapping[str, str],
    database: Database,
    gateway: Gateway,
    templates_each: float,
) -> Parts:
    senders = BotSenders(bots_of(settings, environ), settings.external_url)
    prepare = Preparation(senders, settings.vonage_url, database)
    clock, worker = SystemClock(), worker_name()
    return Parts(
        database=database,
        gateway=gateway,
        senders=senders,
        glance=Glance(database, request_timeout(settings), clock.elapsed),
        watch=Watch(database, prepare, request_timeout(settings), settings.start_grace),
        importing=Importing(database, senders, settings.upload_dir, clock.elapsed),
        judging=Judging(database),
        linking=Linking(database),
        templates=TemplateWatch(database, senders, settings.vonage_url, templates_each),
        answering=Forwarding(database, senders, settings.botpress_url),
        reconciling=Reconciling(database, senders, settings.vonage_url),
        clock=clock,
        worker=worker,
        most_in_flight=settings.max_in_flight,
    )


async def run_engine(settings: Settings, environ: Mapping[str, str]) -> None:
    """Run an engine until it is asked to end."""
    endpoint = Endpoint(
        settings.vonage_url, settings.connect_timeout, settings.read_timeout, settings.max_in_flight
    )
    with open_database(settings.database_url, wake=wake_of(settings)) as database:
        async with VonageGateway(endpoint) as gateway:
            engine = assemble(settings, environ, database, gateway)
            call_when_asked_to_end(engine.stop)
            await engine.run()


def end_process() -> None:
    """End at once: Python itself would wait for threads in which the database does not answer."""
    logging.shutdown()
    os._exit(0)
