"""Finds files of the package that are not Python: the panel, the Botpress module."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def shipped_folder(name: str) -> Path:
    """Return a folder of the installed package, or of the checkout when it is installed in place."""
    installed = Path(str(files("outbound_campaigns"))) / name
    return installed if installed.is_dir() else installed.parents[1] / name
