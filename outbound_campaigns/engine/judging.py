"""The engine's part in judging rows anew: it does so until all are judged, beside imports and sending."""

from __future__ import annotations

import threading
import time

from outbound_campaigns.audience.judging.anew import being_judged, judge_some
from outbound_campaigns.database.transactions import Database

PAUSE = 0.25
"""of the time that a step took, so that on SQLite others get to write"""


class Judging:
    """Judges the rows of campaigns whose template, or what fills it, has changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopping = threading.Event()

    def work(self) -> None:
        """Take steps, for one campaign after the other in turn, until nothing is left."""
        self._stopping.clear()
        while self._step():
            pass

    def stop(self) -> None:
        """Stop after the current step; whoever comes next goes on from there."""
        self._stopping.set()

    def _step(self) -> bool:
        with self._database.read() as session:
            waiting = being_judged(session)
        for campaign_id in waiting:
            began = time.monotonic()
            judge_some(self._database, campaign_id)
            pause = PAUSE * (time.monotonic() - began) if self._database.is_sqlite else 0.0
            if self._stopping.wait(pause):
                return False
        return bool(waiting)
