"""The parts of an engine."""

from __future__ import annotations

from dataclasses import dataclass

from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.forwarding import Forwarding
from outbound_campaigns.engine.glance import Glance
from outbound_campaigns.engine.importing import Importing
from outbound_campaigns.engine.judging import Judging
from outbound_campaigns.engine.linking import Linking
from outbound_campaigns.engine.reconciling import Reconciling
from outbound_campaigns.engine.template_watch import TemplateWatch
from outbound_campaigns.engine.watch import Watch
from outbound_campaigns.runtime.clock import Clock
from outbound_campaigns.vonage.gateway import Gateway
from outbound_campaigns.vonage.senders import Senders


@dataclass(frozen=True)
class Parts:
    """What an engine is made of; `worker` is this process's name, different for each start."""

    database: Database
    gateway: Gateway
    senders: Senders
    glance: Glance
    watch: Watch
    importing: Importing
    judging: Judging
    linking: Linking
    templates: TemplateWatch
    answering: Forwarding
    reconciling: Reconciling
    clock: Clock
    worker: str
    most_in_flight: int
