"""A folder in which workbooks become CSV."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from outbound_campaigns.audience.workbooks.conversion import Conversion, convert

Rows = list[list[str]]


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.last: Conversion | None = None

    def convert(
        self,
        workbook: bytes,
        sheet: str | None = None,
        country: str = "MX",
        watch: Callable[[float], None] = lambda _: None,
    ) -> Rows:
        """Return the rows of the CSV that a workbook became, a blank line as an empty one."""
        file = self.path / "upload.csv"
        file.write_bytes(workbook)
        try:
            self.last = convert(file, sheet, country, watch)
            return list(csv.reader(io.StringIO(file.read_bytes().decode(), newline="")))
        finally:
            assert [path.name for path in self.path.iterdir()] == ["upload.csv"]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)
