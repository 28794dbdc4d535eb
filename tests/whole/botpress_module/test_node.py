"""Runs the module's tests under the installed Node and under that of Botpress."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import outbound_campaigns
from tests.support.node import PLACE, node, node_12, node_environ

FILES = sorted(PLACE.glob("*.test.js"))
MODULE = Path(outbound_campaigns.__file__).parents[1] / "botpress_module"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
@pytest.mark.parametrize("version", ["installed", "of Botpress"])
def test_it_holds_under_node(file: Path, version: str) -> None:
    command = [node(), "--test"] if version == "installed" else [node_12()]
    done = subprocess.run(
        [*command, str(file)], env=node_environ(), capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n# tests " in done.stdout or "tests under Node v12.18.1" in done.stdout
    assert done.stdout.count("\nok ") >= 1, done.stdout


def test_no_file_of_the_module_is_long() -> None:
    for file in MODULE.rglob("*.js"):
        assert len(file.read_text(encoding="utf-8").splitlines()) < 300, file
