"""The command `outbound-campaigns`, typed in an installation of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from outbound_campaigns.cli.main import main
from tests.support.csv_reading import TWO_PEOPLE
from tests.support.installation import Installation, installation

PROCESSES = ("serve", "worker", "demo", "simulator")
"""commands that become another process, or run until they are told to end"""


@dataclass
class Terminal:
    """Types commands; the working directory is the installation's folder."""

    installed: Installation

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command in this process, by click's own runner. Raises what the command lets through."""
        if arguments[0] in PROCESSES:
            return self.run_process(*arguments, **environ)
        with chdir(self.installed.folder), same_signals():
            result = CliRunner().invoke(main, arguments, env=self._environ(environ))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return subprocess.CompletedProcess(arguments, result.exit_code, result.stdout, result.stderr)

    def run_process(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command as a process of its own."""
        command = [sys.executable, "-m", "outbound_campaigns", *arguments]
        return subprocess.run(
            command,
            env=self._environ(environ),
            cwd=self.installed.folder,
            capture_output=True,
            text=True,
            timeout=100,
        )

    def _environ(self, environ: Mapping[str, str]) -> dict[str, str]:
        return self.installed.environ | {"LANG": "es_MX.UTF-8", "LC_ALL": ""} | dict(environ)

    def csv(self, content: str | bytes = TWO_PEOPLE, name: str = "campaign.csv") -> str:
        path = self.installed.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def send(self, csv: str, *more: str, **environ: str) -> subprocess.CompletedProcess[str]:
        order = ["send", "--bot", "demo-bot", "--template", "promo", "--csv", csv]
        return self.run(*order, "--batch-interval-ms", "1000", *more, **environ)


@contextmanager
def same_signals() -> Iterator[None]:
    """Put back the handlers that a command sets for its own process."""
    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with installation(tmp_path, f"sqlite:///{tmp_path}/db.sqlite") as installed:
        yield Terminal(installed)
