"""Checks whether anything may be sent from a database, whatever the campaign and the engine."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from outbound_campaigns.database.copy_mark import InstanceMark, NotMarked
from outbound_campaigns.database.migrations.tables import Tables, tables_of
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.stall_causes import HELD, OBSTACLES, SIGNS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What forbids sending; `code` is one of OBSTACLES, and `sign` is how a copy was recognised."""

    code: str
    sign: str | None = None

    @property
    def is_copy(self) -> bool:
        return self.code == HELD

    def text(self, language: str = "es") -> str:
        return OBSTACLES[self.code].text(language, sign=SIGNS[self.sign] if self.sign else "")


def obstacle(database: Database) -> Obstacle | None:
    """Return what forbids sending (tables of another version, a missing mark, a restored copy), or None."""
    found = tables_of(database)
    if found is not Tables.CURRENT:
        return Obstacle(found)
    try:
        held = InstanceMark(database).held()
    except NotMarked:
        return Obstacle("not_marked")
    return Obstacle(HELD, held.sign) if held else None


class Permit:
    """Whether a process may send, checked each time it takes or renews its hold. Logs once why not."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._said: Obstacle | None = None

    def granted(self) -> bool:
        """Return whether anything may be sent now."""
        found = obstacle(self._database)
        if found != self._said:
            if found is None:
                log.warning("sending is possible again")
            else:
                log.error("nothing is sent: %s", found.text("en"), extra={"code": found.code})
        self._said = found
        return found is None
