"""The machine that figures come from, and which of its cores who gets."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import psutil


def cores() -> list[int]:
    """Those that this process may use."""
    return sorted(os.sched_getaffinity(0))


def ours() -> list[int]:
    """The one core of what is measured, be it ours or its baseline."""
    return cores()[:1]


def theirs() -> list[int]:
    """The others: for the stand-in, PostgreSQL and whoever asks. On a machine of one core the same."""
    return cores()[1:] or cores()


def pin(process: int, to: list[int]) -> None:
    """Keep a process and all its threads on these cores; what it starts later stays there too."""
    for thread in psutil.Process(process).threads():
        os.sched_setaffinity(thread.id, to)


def description() -> Mapping[str, str]:
    load = " ".join(f"{value:.2f}" for value in os.getloadavg())
    return {
        "processor": _processor(),
        "cores": str(len(cores())),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "kernel": platform.release(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load before (1, 5, 15 min)": load,
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
