"""The panel's own arithmetic, by Node's test runner."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None and os.environ.get("CI") != "true", reason="node is not installed"
)


@pytest.mark.parametrize("file", sorted(path.name for path in Path(__file__).parent.glob("*.test.mjs")))
def test_what_the_panel_reckons_is_right(file: str) -> None:
    done = subprocess.run(
        [str(NODE), "--test", str(Path(__file__).parent / file)], capture_output=True, text=True, timeout=100
    )
    assert done.returncode == 0, done.stdout
