"""Runs several processes that live and end together, for `serve` and the demo."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from outbound_campaigns.domain.backoff import backoff
from outbound_campaigns.runtime.ending import EndRequest
from outbound_campaigns.runtime.logs import log_to_stderr
from outbound_campaigns.runtime.parent_death import VARIABLE

ENDS_WITHIN = 20.0
"""seconds after which a process that was asked to end is killed"""

_RESTART_AFTER, _LONGEST_WAIT = 1.0, 30.0
"""seconds until a program that has died is started again; twice as long each time that it dies soon after"""

_LIVES = 60.0
"""seconds after which a program that was started has not died soon"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Program:
    """A name for the log, and the command line."""

    name: str
    command: Sequence[str]


def engine_program() -> Program:
    return Program("engine", [sys.executable, "-m", "outbound_campaigns.engine"])


SERVICE = "outbound_campaigns.web.app:create_app()"


def web_program(app: str = SERVICE) -> Program:
    """Return the web process; `app` is what gunicorn serves: a module and a call of its factory."""
    options = ["--config", "python:outbound_campaigns.web.gunicorn_config"]
    return Program("web", [sys.executable, "-m", "gunicorn", *options, app])


PROGRAMS: Mapping[str, Callable[[], Program]] = {"web": web_program, "engine": engine_program}


def become_family(names: Sequence[str]) -> NoReturn:
    """Turn this process into one that runs the named PROGRAMS, and holds nothing else in its memory."""
    # glibc gives each of many threads an arena of its own, whose free memory no other can use: mallopt(3).
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    os.execv(sys.executable, [sys.executable, "-m", __name__, *names])  # noqa: S606 - our own module


class Family:
    """Runs programs until it is stopped; one that dies meanwhile is started again."""

    def __init__(self, programs: Sequence[Program], environ: Mapping[str, str]) -> None:
        self._programs = programs
        self._environ = {**environ, VARIABLE: str(os.getpid())}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._started_at: dict[str, float] = {}
        self._deaths: Counter[str] = Counter()
        """how often each program has died soon, one time after the other"""

    def start(self) -> None:
        for program in self._programs:
            self._start(program)

    def run(self) -> None:
        """Start, watch until SIGTERM, SIGINT or SIGHUP (a terminal that was closed), and stop."""
        end = EndRequest()
        self.start()
        try:
            while not end.wait(_RESTART_AFTER):
                self.revive()
        finally:
            self.stop()
            end.hear_no_more()

    def stop(self) -> None:
        """Ask every program to end, and wait for it; kill it after ENDS_WITHIN seconds."""
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
        self._started_at[program.name] = time.monotonic()
        # In a session of its own: Ctrl-C reaches only this process, which ends the others in order.
        self._running[program.name] = subprocess.Popen(  # noqa: S603 - our own commands
            program.command, env=self._environ, start_new_session=True
        )

    def revive(self) -> None:
        """Restart the programs that have died; after a longer wait each time that one dies soon."""
        for program in self._programs:
            code = self._running[program.name].poll()
            lived = time.monotonic() - self._started_at[program.name]
            if lived > _LIVES:
                self._deaths[program.name] = 0
            if code is None or lived < self._wait(program):
                continue
            log.error("%s ended with code %s, starting it again", program.name, code)
            self._deaths[program.name] += 1
            self._start(program)

    def _wait(self, program: Program) -> float:
        deaths = self._deaths[program.name]
        return 0.0 if deaths == 0 else backoff(deaths - 1, _RESTART_AFTER, _LONGEST_WAIT)


if __name__ == "__main__":
    # Its value was checked by the process that became this one.
    log_to_stderr(os.environ.get("OUTBOUND_LOG", "").strip() or "json")
    Family([PROGRAMS[name]() for name in sys.argv[1:]], os.environ).run()
