"""Lets writers to an SQLite database take turns: first come, first served.

SQLite's own waiting is unfair: a loop of short writes starves every other writer for seconds. Threads take a
ticket. Processes pass a turnstile: one that wants to write holds the first lock while it waits for the
second, so a process that writes in a loop has to queue behind it.
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from outbound_campaigns.database.byte_locks import ByteLocks

LONGEST_TURN_WAIT = 20.0
"""seconds until a waiting writer gives up with TurnNotCome"""

_WAITING, _WRITING = 0, 1


class TurnNotCome(Exception):
    """Raised when another writer holds the database for longer than LONGEST_TURN_WAIT."""


class ThreadTurns:
    """A lock that threads get in the order in which they asked."""

    def __init__(self, patience: float = LONGEST_TURN_WAIT) -> None:
        self._patience = patience
        self._waiting: deque[threading.Lock] = deque()
        self._held = False
        self._guard = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for this thread's turn, then hold the lock. Raises TurnNotCome."""
        self._take()
        try:
            yield
        finally:
            self._pass_on()

    def _take(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            ticket = threading.Lock()
            ticket.acquire()
            self._waiting.append(ticket)
        if ticket.acquire(timeout=self._patience):
            return
        with self._guard, suppress(ValueError):
            self._waiting.remove(ticket)
            raise TurnNotCome("another thread holds the database")
        # The turn came after the wait timed out, but before the guard was taken.

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class FileTurns(ThreadTurns):
    """The same lock for threads of several processes: two byte locks on one file beside the database."""

    def __init__(self, path: Path, patience: float = LONGEST_TURN_WAIT) -> None:
        super().__init__(patience)
        self._locks = ByteLocks(path)

    @contextmanager
    def turn(self) -> Iterator[None]:
        with super().turn():
            self._lock(_WAITING)
            try:
                self._lock(_WRITING)
            finally:
                self._locks.release(_WAITING)
            try:
                yield
            finally:
                self._locks.release(_WRITING)

    def _lock(self, place: int) -> None:
        if not self._locks.take(place, self._patience):
            raise TurnNotCome("another process holds the database")
