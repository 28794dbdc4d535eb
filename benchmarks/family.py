"""Measures the memory and processor time of a process with all that it started."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

import psutil

MEGABYTE = 1_000_000


def members(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    parent = psutil.Process(process.pid)
    return [parent, *parent.children(recursive=True)]


def memory(processes: Iterable[psutil.Process]) -> float:
    """Return the megabytes that are theirs alone, with their part of what they share (PSS)."""
    total = 0
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            total += one.memory_full_info().pss
    return total / MEGABYTE


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Return the processor seconds of these so far, and of their children that have ended."""
    total = 0.0
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


@contextmanager
def watched(process: subprocess.Popen[bytes], each: float = 0.5) -> Iterator[list[float]]:
    """Yield a list of the megabytes that a process and its children hold, growing every `each` seconds."""
    seen, ended = [memory(members(process))], threading.Event()

    def look() -> None:
        while not ended.wait(each):
            seen.append(memory(members(process)))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()
        seen.append(memory(members(process)))


def growth(seen: list[float]) -> float:
    """Return the highest of the last fifth divided by the highest of the first fifth."""
    fifth = max(1, len(seen) // 5)
    return max(seen[-fifth:]) / max(seen[:fifth])
