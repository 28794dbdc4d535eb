"""Logs what an engine's jobs fail with: once with its reason, then rarely, and once when it is over."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from outbound_campaigns.database.failures import reason_of
from outbound_campaigns.database.transactions import is_unavailable

AGAIN = 300.0
"""seconds until a job that fails on and on is told of again"""

log = logging.getLogger(__name__)


class FailureLog:
    """Remembers which jobs of this process fail; `elapsed` is in seconds."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._elapsed = elapsed
        self._told_at: dict[tuple[str, str], float] = {}

    @contextmanager
    def logged(self, job: str) -> Iterator[None]:
        """Log any failure instead of raising it: the next round tries again."""
        try:
            yield
        except Exception as error:
            self._tell(job, error)
        else:
            self._over(job)

    def _tell(self, job: str, error: Exception) -> None:
        key, now = (job, type(error).__name__), self._elapsed()
        if now - self._told_at.get(key, float("-inf")) < AGAIN:
            return
        self._told_at[key] = now
        traceback = not is_unavailable(error)
        log.warning("%s failed, trying again: %s", job, reason_of(error), exc_info=traceback)

    def _over(self, job: str) -> None:
        failed = [key for key in self._told_at if key[0] == job]
        if failed:
            log.warning("%s works again", job)
        for key in failed:
            del self._told_at[key]


logged = FailureLog().logged
