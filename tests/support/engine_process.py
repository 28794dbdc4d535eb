"""An engine as a process of its own, forked from one that has imported everything already.

Starting Python and importing takes most of a second of a core, and the tests start hundreds of engines.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Mapping
from multiprocessing import get_context
from pathlib import Path

ENGINE = "tests.whole.kills.engine"

_FORKING = get_context("forkserver")
_FORKING.set_forkserver_preload([ENGINE])


class EngineProcess:
    """The started process; as far as it is used, the same as subprocess.Popen."""

    def __init__(self, environ: Mapping[str, str], log: Path) -> None:
        log.touch()  # somebody may look for words in it at once
        self._process = _FORKING.Process(target=_run, args=(dict(environ), str(log)))
        self._process.start()
        self.pid = self._process.pid or 0

    @property
    def returncode(self) -> int | None:
        """The exit code; minus a signal's number if that ended it; None while it runs."""
        return self._process.exitcode

    def poll(self) -> int | None:
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(ENGINE, timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self._process.kill()


def _run(environ: dict[str, str], log: str) -> None:
    os.environ.clear()
    os.environ.update(environ)
    os.dup2(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644), 2)
    random.seed()  # all would draw the same numbers
    from tests.whole.kills.engine import run

    run()
