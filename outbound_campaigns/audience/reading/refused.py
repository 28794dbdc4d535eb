"""What is stored of a refused row, and of a refused file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from outbound_campaigns.domain.row_refusals import FileCode, RowCode

SHOWN = 200
"""characters of a refused value that are stored"""


class RowRefusal(NamedTuple):
    """One refused row: where, what, and why."""

    row: int
    column: str | None
    value: str | None
    code: RowCode


class BadFile(Exception):
    """Raised for a file that is refused as a whole; `values` fill the placeholders of its sentence.

    `choices` are its "columns" or "sheets", where its owner can choose among them.
    """

    def __init__(
        self, code: FileCode, choices: Mapping[str, list[str]] | None = None, /, **values: object
    ) -> None:
        self.code = code
        self.choices = choices or {}
        self.values = values
        super().__init__(code.value)


def listed(names: Sequence[str]) -> str:
    """Return columns' names for a sentence, cut where they are many or long."""
    return shown(", ".join(name[:SHOWN] for name in names[:SHOWN]))


def shown(value: str) -> str:
    """Return the beginning of a value, fit to be stored: PostgreSQL takes no NUL."""
    return value[:SHOWN].replace("\0", "\ufffd")
