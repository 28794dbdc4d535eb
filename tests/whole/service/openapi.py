"""The running service held against its own OpenAPI: `python -m tests.whole.service.openapi [examples]`.

schemathesis makes requests that the document allows and others that it does not, follows ids from answer to
answer, and looks whether each answer is one that the document knows. `examples` are those of each operation.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support.running import Running, running
from tests.whole.service.openapi_hooks import CAMPAIGNS

EXAMPLES = 100
ALL_PHASES = "examples,coverage,fuzzing,stateful"
SHORT_PHASES = "examples,fuzzing,stateful"
"""without thousands of values at the edges of each type, which take most of the time"""


@dataclass(frozen=True)
class Judgement:
    """What schemathesis says at its end, and the lines of the log with a status of 500 or more."""

    passed: bool
    cases: int
    said: str
    broken: list[str]


def judge(service: Running, examples: int, phases: str = ALL_PHASES) -> Judgement:
    """Every check of schemathesis, against campaigns with recipients in several states."""
    for number in range(CAMPAIGNS):
        campaign_id = service.draft(3)
        if number % 2:
            service.move(campaign_id, "start")
    settings = {
        "--header": f"Authorization: {service.headers['Authorization']}",
        "--checks": "all",
        "--phases": phases,
        "--max-examples": str(examples),
        "--seed": "1",
        "--generation-database": "none",
        # No database keeps it, and of nested JSON the document can't say so.
        "--generation-allow-x00": "false",
    }
    options = [part for setting in settings.items() for part in setting]
    config = str(Path(__file__).with_name("schemathesis.toml"))
    st = [str(Path(sys.executable).parent / "st"), "--config-file", config]
    command = [*st, "run", f"{service.url}/openapi.json", *options]
    environ = os.environ | {"SCHEMATHESIS_HOOKS": "tests.whole.service.openapi_hooks"}
    done = subprocess.run(
        [*command, "--no-color"],
        cwd=Path(__file__).parents[3],
        env=environ,
        capture_output=True,
        text=True,
    )
    cases = re.search(r"(\d+) generated", done.stdout)
    broken = [line for line in service.log().splitlines() if re.search(r'"status": 5\d\d', line)]
    return Judgement(done.returncode == 0, int(cases[1]) if cases else 0, done.stdout + done.stderr, broken)


def main(examples: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder, f"sqlite:///{folder}/campaigns.sqlite") as service:
            judgement = judge(service, examples)
    print(judgement.said, *judgement.broken[:20], sep="\n")
    print(f"{judgement.cases} cases, {len(judgement.broken)} answers of 500 or more")
    return 0 if judgement.passed and not judgement.broken else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else EXAMPLES))
