"""The running service held against its own OpenAPI: `python -m tests.service.openapi [cases]`.

schemathesis makes requests that the document allows and others that it does not, follows ids from answer to
answer, and looks whether each answer is one that the document knows.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.service.running import Running, running

CASES = 5_000


def check(service: Running, folder: Path, examples: int) -> subprocess.CompletedProcess[str]:
    """Every check of schemathesis with so many examples for each operation and phase."""
    command = [
        str(Path(sys.executable).parent / "st"),
        "run",
        f"{service.url}/openapi.json",
        "--header",
        f"Authorization: {service.headers['Authorization']}",
        "--checks",
        "all",
        "--max-examples",
        str(examples),
        "--seed",
        "1",
        "--generation-database",
        "none",
        "--no-color",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


def main(cases: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder, f"sqlite:///{folder}/campaigns.sqlite") as service:
            service.draft(3)
            done = check(service, folder, max(1, cases // 60))
            broken = [line for line in service.log().splitlines() if '"status": 5' in line]
    print(done.stdout, done.stderr, *broken[:20], sep="\n")
    return done.returncode or bool(broken)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else CASES))
