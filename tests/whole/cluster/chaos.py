"""Workers that die, freeze and lose their database while they send, at random."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from tests.whole.cluster.fleet import Fleet, WorkerOnItsOwn


class Chaos:
    """Strikes one worker after another, `each` so many seconds."""

    def __init__(self, fleet: Fleet, seed: int, each: float) -> None:
        self._fleet = fleet
        self._chance = random.Random(seed)
        self._each = each
        self._strikes: list[tuple[str, Callable[[WorkerOnItsOwn], None]]] = [
            ("killed", fleet.replace),
            ("frozen", lambda worker: fleet.freeze(worker, self._chance.uniform(1, 9))),
            ("cut off", lambda worker: fleet.cut_off(worker, self._chance.uniform(1, 9))),
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
