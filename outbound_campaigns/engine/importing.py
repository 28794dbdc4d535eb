"""The engine's part in imports: it runs them one by one, undoes those cut short, and sweeps files."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from outbound_campaigns.audience import importing
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.phone_numbers import NumberRules
from outbound_campaigns.media.sweeping import sweep as sweep_media
from outbound_campaigns.vonage.senders import BotSenders

CHUNK = 500
"""rows removed in one transaction"""

SWEEP_EACH = 3600.0
"""seconds between two sweeps of files that nobody will import, and the least age of those"""


class Importing:
    """Handles imports; the engine's job calls it regularly, and each call does whatever is due."""

    def __init__(
        self,
        database: Database,
        senders: BotSenders,
        upload_dir: Path,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._senders = senders
        self._upload_dir = upload_dir
        self._elapsed = elapsed
        self._sweep_at = float("-inf")
        self._stopping = threading.Event()

    def take_over(self, worker: str) -> None:
        """Fail the imports that other workers had begun, as an engine taking over does."""
        self._stopping.clear()
        self._sweep_at = float("-inf")
        importing.fail_abandoned(self._database, worker)

    def step(self, worker: str) -> None:
        """Remove the rows of failed and removed imports, then import the files that wait."""
        self._sweep()
        self._undo()
        while not self._stopping.is_set():
            import_id = importing.claim_import(self._database, worker)
            if import_id is None:
                return
            self._import(import_id, worker, between=partial(self._import_small, worker, import_id))
            self._undo()

    def _import_small(self, worker: str, beside: int) -> None:
        """Import the small files that wait, beside a large one that is under way."""
        while not self._stopping.is_set():
            import_id = importing.claim_import(self._database, worker, beside)
            if import_id is None:
                return
            self._import(import_id, worker)

    def _import(self, import_id: int, worker: str, between: Callable[[], None] = lambda: None) -> None:
        stop = self._stopping.is_set
        importing.run_import(
            self._database, import_id, worker, self._rules, is_stopping=stop, between=between
        )

    def stop(self) -> None:
        """Stop after the current chunk: the import fails, and its file has to be uploaded again."""
        self._stopping.set()

    def _sweep(self) -> None:
        now = self._elapsed()
        if now >= self._sweep_at:
            importing.sweep(self._database, self._upload_dir, SWEEP_EACH)
            sweep_media(self._database, self._upload_dir)
            self._sweep_at = now + SWEEP_EACH

    def _undo(self) -> None:
        with self._database.read() as session:
            waiting = importing.being_undone(session)
        for import_id in waiting:
            while not self._stopping.is_set() and self._undo_some(import_id):
                pass

    def _undo_some(self, import_id: int) -> int:
        began = time.monotonic()
        with self._database.write() as session:
            undone = importing.undo_some(session, import_id, self._database.now(session), CHUNK)
        # A pause as long as the transaction, so that others get to write.
        self._stopping.wait(time.monotonic() - began)
        return undone

    def _rules(self, campaign: Campaign) -> NumberRules:
        """Return how the bot's files want numbers read. Raises ConfigurationMissing, SourceUnavailable."""
        settings = self._senders.account(campaign.bot_id).settings
        return NumberRules(settings.default_country, settings.mexico_mobile_prefix)
