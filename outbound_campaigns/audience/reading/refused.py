"""What is kept of a row, and of a file, that was not taken."""

from __future__ import annotations

from typing import NamedTuple

from outbound_campaigns.domain.row_refusals import FileCode, RowCode

SHOWN = 200
"""characters of a refused value that are kept"""


class RowRefusal(NamedTuple):
    """One row that was not taken: where, what, and why."""

    row: int
    column: str | None
    value: str | None
    code: RowCode


class BadFile(Exception):
    """The whole file is not taken; `values` fill the places of its words."""

    def __init__(self, code: FileCode, **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(code.value)


def shown(value: str) -> str:
    """The beginning of a value, fit to be stored: PostgreSQL takes no NUL."""
    return value[:SHOWN].replace("\0", "\ufffd")
