"""Several processes that live and end together, as `serve` and the demo need them."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from outbound_campaigns.logs import log_to_stderr
from outbound_campaigns.parent import VARIABLE

ENDS_WITHIN = 20.0
"""seconds after which a process that was told to end is killed"""

_RESTART_AFTER = 1.0
_WITH_ENGINE = "--engine"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Program:
    """A name for the log, and the command line."""

    name: str
    command: Sequence[str]


def engine_program() -> Program:
    return Program("engine", [sys.executable, "-m", "outbound_campaigns.engine"])


SERVICE = "outbound_campaigns.app:create_app()"


def web_program(app: str = SERVICE) -> Program:
    """`app` is what gunicorn serves: a module and a call of its factory."""
    options = ["--config", "python:outbound_campaigns.serving"]
    return Program("web", [sys.executable, "-m", "gunicorn", *options, app])


def become_family(log_form: str, with_engine: bool) -> NoReturn:
    """Go on, under the same number, as a process that looks after web and engine and holds little else."""
    engine = [_WITH_ENGINE] if with_engine else []
    os.execv(sys.executable, [sys.executable, "-m", __name__, log_form, *engine])  # noqa: S606 - no shell


def main(log_form: str, *options: str) -> None:
    """What become_family starts."""
    log_to_stderr(log_form)
    engines = [engine_program()] if _WITH_ENGINE in options else []
    Family([web_program(), *engines], os.environ).run()


class Family:
    """Runs programs until told to stop; one that dies meanwhile is started again."""

    def __init__(self, programs: Sequence[Program], environ: Mapping[str, str]) -> None:
        self._programs = programs
        self._environ = {**environ, VARIABLE: str(os.getpid())}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()

    def start(self) -> None:
        for program in self._programs:
            self._start(program)

    def run(self) -> None:
        """Start, watch until SIGTERM, SIGINT or SIGHUP (a terminal that was closed), and stop."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stopping.set())
        self.start()
        try:
            while not self._stopping.wait(_RESTART_AFTER):
                self.revive()
        finally:
            self.stop()

    def stop(self) -> None:
        """Tell every program to end, and wait for it."""
        for process in self._running.values():
            process.terminate()
        end = time.monotonic() + ENDS_WITHIN
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, end - time.monotonic()))
            process.kill()
            process.wait()
        self._running.clear()

    def _start(self, program: Program) -> None:
        # A session of its own: Ctrl-C reaches this process alone, which ends the others in order.
        self._running[program.name] = subprocess.Popen(  # noqa: S603 - our own commands
            program.command, env=self._environ, start_new_session=True
        )

    def revive(self) -> None:
        """Start again what has died."""
        for program in self._programs:
            code = self._running[program.name].poll()
            if code is not None:
                log.error("%s ended with code %s, starting it again", program.name, code)
                self._start(program)


if __name__ == "__main__":
    main(*sys.argv[1:])
