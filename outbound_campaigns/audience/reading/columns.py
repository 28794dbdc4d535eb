"""A file's columns: which one holds the number, which are stored, and which the template uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from outbound_campaigns.audience.reading.refused import BadFile, listed, shown
from outbound_campaigns.audience.reading.restoring import restored
from outbound_campaigns.domain.placeholders import COLUMN
from outbound_campaigns.domain.row_refusals import FileCode
from outbound_campaigns.domain.spelling import bare

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


@dataclass(frozen=True, slots=True)
class Usage:
    """What a campaign uses of a file.

    `variables` are the columns that fill its template's placeholders, None while that is not decided; `also`
    are others that it names; `placeholders` are the template's, None where the template is not known. Of the
    columns `may_be_empty`, empty cells are replaced, or stand amid another text.
    """

    variables: Sequence[str] | None = None
    also: Sequence[str] = ()
    placeholders: Sequence[str] | None = None
    may_be_empty: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Columns:
    """A file's columns. Places count from 0; `kept` and `checked` leave out the number and OF_EXPORTS."""

    names: list[str]
    phone: int
    kept: list[int]
    checked: list[int]
    """the columns whose cells become template variables"""
    may_be_empty: frozenset[int] = frozenset()
    """those of `checked` whose cells may be empty"""


def column_names(header: Sequence[str]) -> list[str]:
    """Return the names without what programs put around them, and without nameless columns at the end."""
    names = [restored(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    return names


def read_columns(names: Sequence[str], phone: int, usage: Usage) -> Columns:
    """Return the columns by their trimmed names, with the number's at `phone`. Only those used can be wrong.

    While neither the variables nor the placeholders are known, all are used: each would become a value of the
    message. Raises BadFile.
    """
    count = sum(name.casefold() not in OF_EXPORTS for name in names)
    if count > MOST_COLUMNS:
        raise BadFile(FileCode.TOO_MANY_COLUMNS, count=count, most=MOST_COLUMNS)
    first = _first_places(names)
    kept = [place for name, place in first.items() if place != phone and name not in OF_EXPORTS]
    used = {_place(first, kept, name) for name in (*(usage.variables or ()), *usage.also)}
    if usage.variables is None and usage.placeholders is not None:
        used |= set(_proposed(usage.placeholders, {names[place]: place for place in kept}))
    everything = usage.variables is None and usage.placeholders is None
    _must_be_clear(names, phone, None if everything else used)
    lenient = frozenset(_place(first, kept, name) for name in usage.may_be_empty)
    return Columns(list(names), phone, kept, kept if everything else sorted(used), lenient)


def columns_named(value: Any) -> Iterator[str]:
    """Yield the columns that a template's components name as {{column}}, anywhere in them."""
    if isinstance(value, str):
        yield from COLUMN.findall(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from columns_named(item)


def _first_places(names: Sequence[str]) -> dict[str, int]:
    """Return the place of each name, without case; of a name that is there twice, the first."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name:
            places.setdefault(name.casefold(), place)
    return places


def _proposed(placeholders: Sequence[str], places: Mapping[str, int]) -> Iterator[int]:
    """Yield the column of each placeholder: by its name, and for numbers by their order."""
    if all(map(str.isdecimal, placeholders)):
        yield from list(places.values())[: len(placeholders)]
        return
    by_name = {bare(name): place for name, place in reversed(list(places.items()))}
    for placeholder in placeholders:
        if (place := by_name.get(bare(placeholder))) is not None:
            yield place


def _must_be_clear(names: Sequence[str], phone: int, used: set[int] | None) -> None:
    """Raise BadFile where a used column has no name, or shares it; None stands for all columns."""
    seen = {name.casefold() for place, name in enumerate(names) if used is None or place in {*used, phone}}
    taken: set[str] = set()
    for place, name in enumerate(names):
        if not name and used is None:
            raise BadFile(FileCode.COLUMN_WITHOUT_NAME, number=place + 1)
        if name.casefold() in taken and name.casefold() in seen:
            raise BadFile(FileCode.COLUMN_TWICE, column=shown(name))
        taken.add(name.casefold())


def _place(places: dict[str, int], kept: Sequence[int], variable: str) -> int:
    place = places.get(variable.strip().casefold())
    if place is None or place not in kept:
        raise BadFile(FileCode.COLUMN_MISSING, column=variable, columns=listed(list(places)))
    return place
