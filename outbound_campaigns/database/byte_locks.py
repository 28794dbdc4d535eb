"""Byte locks on a file: processes get them in the kernel's order, and a thread waits a limited time for one.

The kernel's own waiting has no end, and trying again and again costs more than the writes waited for. So
another thread waits in the kernel; what it gets for somebody who has given up, it lets go at once.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from pathlib import Path
from queue import SimpleQueue

_HELD_BY_OTHERS = (errno.EACCES, errno.EAGAIN)
"""what POSIX lets `fcntl` say of a lock that another process holds"""


class ByteLocks:
    """One process's locks; one thread at a time may ask for one. A child after a fork begins with none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: _Opened | None = None

    def take(self, place: int, patience: float) -> bool:
        """Lock the byte. Returns False if others hold it for longer than `patience` seconds."""
        return self._here().take(place, patience)

    def release(self, place: int) -> None:
        self._here().release(place)

    def _here(self) -> _Opened:
        # A descriptor inherited through a fork is opened again: locks belong to one process, as do threads.
        if self._opened is None or self._opened.process != os.getpid():
            self._opened = _Opened(self._path)
        return self._opened


class _Opened:
    def __init__(self, path: Path) -> None:
        self.process = os.getpid()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._requests: SimpleQueue[_Request] = SimpleQueue()
        self._waits = False

    def take(self, place: int, patience: float) -> bool:
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError as error:
            if error.errno not in _HELD_BY_OTHERS:
                raise
            return self._wait(place, patience)
        return True

    def release(self, place: int) -> None:
        fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, place)

    def _wait(self, place: int, patience: float) -> bool:
        if not self._waits:
            threading.Thread(target=self._wait_in_kernel, name="byte locks", daemon=True).start()
            self._waits = True
        request = _Request(place)
        self._requests.put(request)
        return request.is_granted_within(patience)

    def _wait_in_kernel(self) -> None:
        while True:
            request = self._requests.get()
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX, 1, request.place)
            if not request.grant():
                self.release(request.place)


class _Request:
    def __init__(self, place: int) -> None:
        self.place = place
        self._guard = threading.Lock()
        self._given_up = False
        # Held until it is granted; an Event would do the same with three times the work.
        self._granted = threading.Lock()
        self._granted.acquire()

    def is_granted_within(self, patience: float) -> bool:
        if self._granted.acquire(timeout=patience):
            return True
        with self._guard:
            # It may have been granted after the wait timed out, but before the guard was taken.
            self._given_up = not self._granted.acquire(blocking=False)
        return not self._given_up

    def grant(self) -> bool:
        """Tell who waits that the lock is theirs. Returns False if they have given up."""
        with self._guard:
            if not self._given_up:
                self._granted.release()
            return not self._given_up
