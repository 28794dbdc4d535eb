"""The engine's part in imports: one file at a time, in a thread, and the undoing of those cut short."""

from __future__ import annotations

import threading

from outbound_campaigns.db import Database
from outbound_campaigns.sending.senders import BotSenders


class Importing:
    """Called again and again by the engine's job; each call does what there is to do."""

    def __init__(self, database: Database, senders: BotSenders) -> None:
        self._database = database
        self._senders = senders
        self._stopping = threading.Event()

    def take_over(self, worker: str) -> None: ...
    def step(self, worker: str) -> None: ...
    def stop(self) -> None: ...
