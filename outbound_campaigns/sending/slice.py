"""What a claim returns: rows that only one worker may send now, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.runtime.clock import Offset
from outbound_campaigns.sending.batch_limits import BatchLimit
from outbound_campaigns.vonage.senders import Sender

CLAIM_LASTS = timedelta(seconds=10)


class Departure(NamedTuple):
    """One claimed row: attempt `number` of a recipient, to leave at `slot` (seconds since 1970)."""

    recipient_id: int
    number: int
    phone_number: str
    variables: dict[str, str]
    slot: float


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows that only this worker may send, and until when.

    `mark` is the elapsed clock's reading just before the database's `now` (seconds since 1970);
    `offset` is how far the one clock is ahead of the other.
    """

    campaign: Campaign
    sender: Sender
    departures: Sequence[Departure]
    limits: Sequence[BatchLimit]
    now: float
    mark: float
    offset: Offset
    per_second: float
    marked: float
    """the last slot that may leave by the mark that was set with the claim"""

    @property
    def deadline(self) -> float:
        """Return the time on the elapsed clock after which no request may begin."""
        return self.mark + CLAIM_LASTS.total_seconds()

    def wall(self, elapsed: float) -> float:
        """Convert a time on the elapsed clock to the latest that the database's clock may show then."""
        return elapsed + self.offset.most

    def elapsed(self, wall: float) -> float:
        """Return when, on the elapsed clock, the database's clock has certainly reached `wall`."""
        return wall - self.offset.least


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing may leave before `until`; if that is None, not until something changes."""

    until: datetime | None


@dataclass(frozen=True, slots=True)
class Probe:
    """The breaker is open, and the caller is the one that must ask Vonage whether it answers again."""
