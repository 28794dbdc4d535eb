"""The lease of an engine that checks whether the database may be sent from, and keeps its mark current."""

from __future__ import annotations

import logging
from collections.abc import Callable

from outbound_campaigns.database.copy_mark import InstanceMark
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.heartbeat import EXPIRES
from outbound_campaigns.engine.lease import EngineLease
from outbound_campaigns.engine.permit import Permit

MARK_EACH = 2.0
"""seconds; a copy that is younger can't be distinguished from the database itself"""


log = logging.getLogger(__name__)


class Leadership(EngineLease):
    """A lease that is only held while tables and mark permit sending."""

    def __init__(
        self, database: Database, holder: str, elapsed: Callable[[], float], expires: float = EXPIRES
    ) -> None:
        super().__init__(database, holder, elapsed, expires)
        self._permit = Permit(database)
        self._mark = InstanceMark(database)
        self._marked_at = float("-inf")
        self._said = False

    def acquire(self) -> bool:
        """Take or renew the lease while sending is permitted, else release it. Returns whether it is held."""
        if not self._permit.granted():
            if self.is_valid():
                super().release()
            return False
        leads = super().acquire()
        if leads and self._elapsed() - self._marked_at >= MARK_EACH:
            return self._advance()
        return leads

    def release(self) -> None:
        if self.is_valid():
            # A copy taken before now lacks what was sent since the last time, so its mark must be outdated.
            self._advance()
        super().release()

    def _advance(self) -> bool:
        """Advance the mark. Where its file can't be written, release the lease and return False."""
        try:
            self._mark.advance()
        except OSError as error:
            if not self._said:
                log.error("nothing is sent: %s can't be written", error.filename)  # noqa: TRY400 - no fault of ours
            self._said = True
            super().release()
            return False
        self._said = False
        self._marked_at = self._elapsed()
        return True
