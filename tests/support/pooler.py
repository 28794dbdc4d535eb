"""PgBouncer before the tests' PostgreSQL, in transaction mode: each transaction may get another session."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PORT = 6432
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

# What it refuses by default (startup parameters such as `options`) stays refused.
_CONFIGURATION = """
[databases]
* = host={server} port=5432 user=postgres
[pgbouncer]
unix_socket_dir = {folder}
listen_port = {port}
auth_type = any
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 30
logfile = {folder}/log
pidfile = {folder}/pid
server_login_retry = 1
{user}
"""


class Pooler:
    """One before the server whose socket is in the folder `server`; its own socket is in `folder`."""

    def __init__(self, server: str, folder: Path) -> None:
        assert PROGRAM is not None
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        # Neither runs as root.
        user = Path(server).owner() if os.geteuid() == 0 else None
        if user:
            os.chown(folder, Path(server).stat().st_uid, Path(server).stat().st_gid)
        self._configuration = folder / "pgbouncer.ini"
        as_user = f"user = {user}" if user else ""
        self._configuration.write_text(
            _CONFIGURATION.format(server=server, folder=folder, port=PORT, user=as_user), encoding="utf-8"
        )

    def start(self) -> None:
        assert PROGRAM is not None
        self._process = subprocess.Popen([PROGRAM, "--quiet", str(self._configuration)])
        _await(self.folder / f".s.PGSQL.{PORT}", self._process)

    def kill(self) -> None:
        """End it with -9; whoever used it has lost the connection."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
        for left in (f".s.PGSQL.{PORT}", "pid"):
            (self.folder / left).unlink(missing_ok=True)


@contextmanager
def pooler_before(server: str, folder: Path) -> Iterator[Pooler]:
    """A pooler at work, ended afterwards."""
    pooler = Pooler(server, folder)
    try:
        pooler.start()
        yield pooler
    finally:
        pooler.kill()


def _await(socket: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while not socket.exists():
        assert process.poll() is None, "PgBouncer ended"
        assert time.monotonic() < end, "PgBouncer does not start"
        time.sleep(0.05)
