"""Workers that die, freeze and lose their database, and what is beside them, while they send, at random."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from tests.whole.cluster.fleet import Fleet, WorkerOnItsOwn


class Chaos:
    """Strikes a worker, or what is beside it, `each` so many seconds."""

    def __init__(self, fleet: Fleet, seed: int, each: float) -> None:
        self._fleet = fleet
        self._chance = random.Random(seed)
        self._each = each
        self._strikes: list[tuple[str, Callable[[WorkerOnItsOwn], None]]] = [
            ("limit edited", lambda _: self._edit()),
            ("killed", fleet.replace),
            ("neighbour resumed", lambda _: fleet.neighbour.resume()),
            ("frozen", lambda worker: fleet.freeze(worker, self._while())),
            ("Botpress frozen", lambda _: fleet.botpress.freeze(self._while())),
            ("cut off", lambda worker: fleet.cut_off(worker, self._while())),
            ("pooler restarted", lambda _: fleet.restart_pooler(self._chance.uniform(0, 2))),
        ]
        self.struck: Counter[str] = Counter()

    def run_until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Strike until it is so, or for so many seconds; afterwards all workers live."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            self.strike()
            time.sleep(self._chance.uniform(0, 2 * self._each))
        return condition()

    def strike(self) -> None:
        name, strike = self._strikes[self.struck.total() % len(self._strikes)]
        strike(self._chance.choice(self._fleet.workers))
        self.struck[name] += 1

    def _while(self) -> float:
        return self._chance.uniform(1, 9)

    def _edit(self) -> None:
        """A smaller batch or a longer interval than planned, or what was planned."""
        plan = self._fleet.plan
        size = plan.batch_size // self._chance.choice((1, 1, 2))
        interval_ms = plan.batch_interval_ms * self._chance.choice((1, 1, 2))
        self._fleet.edit_limit(self._chance.choice(self._fleet.sent), size, interval_ms)
