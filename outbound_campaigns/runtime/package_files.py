"""Files that are no Python and come with the package: the panel, the Botpress module."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def shipped_folder(name: str) -> Path:
    """A folder of the installed package; of the checkout when installed in place."""
    installed = Path(str(files("outbound_campaigns"))) / name
    return installed if installed.is_dir() else installed.parents[1] / name
