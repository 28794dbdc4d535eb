"""Byte locks on a file: processes get them in the kernel's order, and a thread waits a limited time for one.

The kernel's own waiting has no end, and trying again and again costs more than the writes waited for. So
another thread waits in the kernel; what it gets for somebody who has given up, it lets go at once.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
import time
from pathlib import Path
from queue import SimpleQueue

_NOT_NOW = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
"""what POSIX lets `fcntl` say of a lock that another process holds

The last where two processes seem to wait for each other: the kernel does not know which waits were given up.
"""

_PAUSE = 0.01
"""seconds until a wait begins again that the kernel took for a deadlock"""


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
        self._guard = threading.Lock()
        self._held: set[int] = set()
        """what threads of this process have; to the kernel it is all the process's, however often taken"""

    def take(self, place: int, patience: float) -> bool:
        with self._guard:
            if self._lock(place, fcntl.LOCK_NB):
                self._held.add(place)
                return True
        return self._wait(_Request(place), patience)

    def release(self, place: int) -> None:
        with self._guard:
            self._held.discard(place)
            fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, place)

    def _lock(self, place: int, how: int = 0) -> bool:
        try:
            fcntl.lockf(self._descriptor, fcntl.LOCK_EX | how, 1, place)
        except OSError as error:
            if error.errno not in _NOT_NOW:
                raise
            return False
        return True

    def _wait(self, request: _Request, patience: float) -> bool:
        if not self._waits:
            threading.Thread(target=self._wait_in_kernel, name="byte locks", daemon=True).start()
            self._waits = True
        self._requests.put(request)
        if request.granted.acquire(timeout=patience):
            return True
        with self._guard:
            # It may have been granted after the wait timed out, but before the guard was taken.
            request.is_given_up = not request.granted.acquire(blocking=False)
        return not request.is_given_up

    def _wait_in_kernel(self) -> None:
        while True:
            request = self._requests.get()
            while not request.is_given_up and not self._lock(request.place):
                time.sleep(_PAUSE)
            with self._guard:
                if not request.is_given_up:
                    self._held.add(request.place)
                    request.granted.release()
                elif request.place not in self._held:
                    fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, request.place)


class _Request:
    def __init__(self, place: int) -> None:
        self.place = place
        self.is_given_up = False
        # Held until it is granted; an Event would do the same with three times the work.
        self.granted = threading.Lock()
        self.granted.acquire()
