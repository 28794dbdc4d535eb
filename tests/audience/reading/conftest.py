"""Files of given bytes, read whole."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.csv_reading import ReadFile, read_file

ReadBytes = Callable[..., ReadFile]


@pytest.fixture
def read(tmp_path: Path) -> ReadBytes:
    """read(content, variables=None, **wanted): what a file of this text (UTF-8) or these bytes gives."""

    def read_bytes(content: str | bytes, variables: list[str] | None = None, **wanted: Any) -> ReadFile:
        path = tmp_path / "file.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, variables, **wanted)

    return read_bytes
