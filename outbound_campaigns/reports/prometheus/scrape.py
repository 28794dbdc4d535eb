"""What the figures of one scrape share."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Metric
from sqlalchemy.orm import Session

from outbound_campaigns.reports.stalls import AccessOf, Cause

PREFIX = "outbound_campaigns_"

BOUND = 10_000
"""most rows of a queue that are counted"""


@dataclass(frozen=True, slots=True)
class Scrape:
    """One look at the database; `stop` is what keeps every campaign from being sent."""

    session: Session
    now: datetime
    stop: Cause | None
    access_of: AccessOf
    secret: str

    def name_of(self, key: str) -> str:
        """Return a short name of an account or a sender that reveals neither key nor number."""
        # Keyed, since all telephone numbers can be tried in a minute.
        return hmac.new(self.secret.encode(), key.encode(), hashlib.sha256).hexdigest()[:12]

    def age(self, at: datetime) -> float:
        """Return the seconds since then, never below 0, whatever clocks do."""
        return max(0.0, (self.now - at).total_seconds())


Figures = Callable[[Scrape], Iterator[Metric]]
