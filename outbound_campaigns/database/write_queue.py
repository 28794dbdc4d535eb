"""Lets writers to an SQLite database take turns: first come, first served.

SQLite's own waiting is unfair: a loop of short writes starves every other writer for seconds. Threads take a
ticket. Processes pass a turnstile: one that wants to write holds the first lock while it waits for the
second, so a process that writes in a loop has to queue behind it.
"""

import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LONGEST_TURN_WAIT = 20.0
"""seconds until a waiting writer gives up with TurnNotCome"""

_PAUSE = 0.0005
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
        self._path = path
        self._descriptor: tuple[int, int] | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        with super().turn():
            descriptor = self._open()
            self._lock(descriptor, _WAITING)
            try:
                self._lock(descriptor, _WRITING)
            finally:
                self._unlock(descriptor, _WAITING)
            try:
                yield
            finally:
                self._unlock(descriptor, _WRITING)

    def _open(self) -> int:
        # Byte locks belong to one process, so a descriptor inherited through a fork is opened again.
        if self._descriptor is None or self._descriptor[0] != os.getpid():
            self._descriptor = (
                os.getpid(),
                os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600),
            )
        return self._descriptor[1]

    def _lock(self, descriptor: int, place: int) -> None:
        end = time.monotonic() + self._patience
        while True:
            try:
                fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
                return
            except (BlockingIOError, PermissionError):
                if time.monotonic() > end:
                    raise TurnNotCome(f"another process holds {self._path.name}") from None
                time.sleep(_PAUSE)

    def _unlock(self, descriptor: int, place: int) -> None:
        fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, place)
