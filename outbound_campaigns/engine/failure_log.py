"""Logs what an engine's jobs fail with: once with its reason, then rarely, and once when it is over."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from outbound_campaigns.database.failures import reason_of
from outbound_campaigns.database.transactions import is_unavailable
from outbound_campaigns.engine.rare_log import RareLog

log = logging.getLogger(__name__)


class FailureLog:
    """Remembers which jobs of this process fail; `elapsed` is in seconds."""

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._rare = RareLog(elapsed)

    @contextmanager
    def logged(self, job: str) -> Iterator[None]:
        """Log any failure instead of raising it: the next round tries again."""
        try:
            yield
        except Exception as error:
            if self._rare.is_due(job, type(error).__name__):
                traceback = not is_unavailable(error)
                log.warning("%s failed, trying again: %s", job, reason_of(error), exc_info=traceback)
        else:
            if self._rare.is_over(job):
                log.warning("%s works again", job)


logged = FailureLog().logged
