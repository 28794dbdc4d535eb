"""The command as a process of its own, in an installation of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.csv_reading import TWO_PEOPLE
from tests.support.installation import Installation, installation


@dataclass
class Terminal:
    """Types commands; the working directory is the installation's folder."""

    installed: Installation

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "outbound_campaigns", *arguments]
        return subprocess.run(
            command,
            env=self.installed.environ | {"LANG": "es_MX.UTF-8", "LC_ALL": ""} | environ,
            cwd=self.installed.folder,
            capture_output=True,
            text=True,
            timeout=100,
        )

    def csv(self, content: str | bytes = TWO_PEOPLE, name: str = "campaign.csv") -> str:
        path = self.installed.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def send(self, csv: str, *more: str, **environ: str) -> subprocess.CompletedProcess[str]:
        order = ["send", "--bot", "demo-bot", "--template", "promo", "--csv", csv]
        return self.run(*order, "--batch-interval-ms", "1000", *more, **environ)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with installation(tmp_path, f"sqlite:///{tmp_path}/db.sqlite") as installed:
        yield Terminal(installed)
