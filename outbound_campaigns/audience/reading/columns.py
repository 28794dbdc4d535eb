"""A file's columns: which one holds the number, which are stored, and which the template uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from outbound_campaigns.audience.reading.cells import without_guard
from outbound_campaigns.audience.reading.refused import SHOWN, BadFile, shown
from outbound_campaigns.domain.row_refusals import FileCode

PHONE_NUMBER = "phone_number"
OF_EXPORTS = (
    "error_code",
    "error_reason",
    "attempts",
    "last_attempt_at",
    "recipient_status",
    "message_uuid",
    "message_sent_at",
    "message_delivered_at",
    "message_read_at",
    "message_failed_at",
)
"""columns that exports add; uploads ignore them, so a file can't use these names itself"""

MOST_COLUMNS = 256

_NAMED = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")

_MARGIN = "\ufeff\u200b"


@dataclass(frozen=True, slots=True)
class Columns:
    """A file's columns. Places count from 0; `kept` and `checked` leave out the number and OF_EXPORTS."""

    names: list[str]
    phone: int
    kept: list[int]
    checked: list[int]
    """the columns whose cells become template variables"""


def trimmed(header: Sequence[str]) -> list[str]:
    """Return the names without space around them, exports' guards, and nameless columns at the end."""
    names = [without_guard(cell.strip().strip(_MARGIN).strip()) for cell in header]
    while names and not names[-1]:
        names.pop()
    return names


def has_phone_number(names: Sequence[str]) -> bool:
    return PHONE_NUMBER in map(str.casefold, names)


def read_columns(names: Sequence[str], variables: Sequence[str] | None, also: Sequence[str] = ()) -> Columns:
    """Return the columns by their trimmed names; `variables` and `also` are those that the template uses.

    Without `variables`, all are used. Raises BadFile.
    """
    if not has_phone_number(names):
        raise _no_phone_column(names)
    count = sum(name.casefold() not in OF_EXPORTS for name in names)
    if count > MOST_COLUMNS:
        raise BadFile(FileCode.TOO_MANY_COLUMNS, count=count, most=MOST_COLUMNS)
    places = _places(names)
    kept = [place for name, place in places.items() if name not in (PHONE_NUMBER, *OF_EXPORTS)]
    used = {_place(places, kept, name) for name in (*(variables or ()), *also)}
    checked = kept if variables is None else sorted(used)
    return Columns(list(names), places[PHONE_NUMBER], kept, checked)


def columns_named(value: Any) -> Iterator[str]:
    """Yield the columns that a template's components name as {{column}}, anywhere in them."""
    if isinstance(value, str):
        yield from _NAMED.findall(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from columns_named(item)


def _no_phone_column(names: Sequence[str]) -> BadFile:
    found = _listed(names)
    if not found.isprintable():
        return BadFile(FileCode.FILE_IS_BINARY)
    return BadFile(FileCode.NO_PHONE_COLUMN, columns=found)


def _listed(names: Sequence[str]) -> str:
    return shown(", ".join(name[:SHOWN] for name in names[:MOST_COLUMNS]))


def _places(names: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if not name:
            raise BadFile(FileCode.COLUMN_WITHOUT_NAME, number=place + 1)
        if name.casefold() in places:
            raise BadFile(FileCode.COLUMN_TWICE, column=shown(name))
        places[name.casefold()] = place
    return places


def _place(places: dict[str, int], kept: Sequence[int], variable: str) -> int:
    place = places.get(variable.strip().casefold())
    if place is None or place not in kept:
        raise BadFile(FileCode.COLUMN_MISSING, column=variable, columns=_listed(list(places)))
    return place
