"""`outbound-campaigns demo` as a process, for a module's tests."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.ports import free_port, wait_for

COMMAND = [sys.executable, "-m", "outbound_campaigns"]


@dataclass
class Demo:
    process: subprocess.Popen[bytes]
    folder: Path
    service: str
    simulator: str

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """A line typed into another terminal."""
        sourced = f". {self.folder}/environment && {line}"
        return subprocess.run(["sh", "-c", sourced], capture_output=True, text=True, timeout=100)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    service, simulator = free_port(), free_port()
    command = [*COMMAND, "demo", "--folder", str(tmp_path / "demo"), "--simulator-port", str(simulator)]
    environ = os.environ | {"OUTBOUND_PORT": str(service)}
    with subprocess.Popen(command, env=environ, cwd=tmp_path) as process:
        urls = f"http://127.0.0.1:{service}", f"http://127.0.0.1:{simulator}"
        try:
            wait_for(f"{urls[0]}/api/v1/bots/demo-bot/mod/outbound-campaigns/ui/icon.svg")
            wait_for(f"{urls[1]}/_simulator/ledger")
            yield Demo(process, tmp_path / "demo", *urls)
        finally:
            process.kill()
