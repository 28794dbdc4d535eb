"""The engine's part in looking at links: one after the other, apart from everything else."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from outbound_campaigns.database.transactions import Database
from outbound_campaigns.media.link_looks import look_at_some
from outbound_campaigns.media.links import Network


@dataclass(frozen=True, slots=True)
class Linking:
    """Looks at the links that previews have asked for."""

    database: Database
    network: Network = field(default_factory=Network)
    stopping: threading.Event = field(default_factory=threading.Event)

    def work(self) -> None:
        """Look until nothing waits."""
        self.stopping.clear()
        while not self.stopping.is_set() and look_at_some(self.database, self.network):
            pass

    def stop(self) -> None:
        """Stop after the look that is under way."""
        self.stopping.set()
