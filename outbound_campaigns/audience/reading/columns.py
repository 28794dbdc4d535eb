"""A file's columns: which one holds the number, and which are stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from outbound_campaigns.audience.reading.refused import BadFile, shown
from outbound_campaigns.audience.reading.restoring import restored
from outbound_campaigns.domain.export_columns import OF_EXPORTS
from outbound_campaigns.domain.row_refusals import FileCode

MOST_COLUMNS = 256


@dataclass(frozen=True, slots=True)
class Columns:
    """A file's columns. Places count from 0; `kept` leaves out the number and OF_EXPORTS."""

    names: list[str]
    phone: int
    kept: list[int]

    @property
    def kept_names(self) -> list[str]:
        return [self.names[place] for place in self.kept]


def column_names(header: Sequence[str]) -> list[str]:
    """Return the names without what programs put around them, and without nameless columns at the end."""
    names = [restored(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    return names


def read_columns(names: Sequence[str], phone: int) -> Columns:
    """Return the columns by their trimmed names, with the number's at `phone`. Raises BadFile."""
    count = sum(name.casefold() not in OF_EXPORTS for name in names)
    if count > MOST_COLUMNS:
        raise BadFile(FileCode.TOO_MANY_COLUMNS, count=count, most=MOST_COLUMNS)
    first = _first_places(names)
    kept = [place for name, place in first.items() if place != phone and name not in OF_EXPORTS]
    return Columns(list(names), phone, kept)


def must_be_clear(columns: Columns, used: Collection[str] | None) -> None:
    """Raise BadFile where a used column has no name, or shares it; None stands for all columns."""
    names = columns.names
    meant = None if used is None else {name.strip().casefold() for name in used}
    phone = names[columns.phone].casefold()
    taken: set[str] = set()
    for place, name in enumerate(names):
        if not name and meant is None:
            raise BadFile(FileCode.COLUMN_WITHOUT_NAME, number=place + 1)
        key = name.casefold()
        if key in taken and (meant is None or key in meant or key == phone):
            raise BadFile(FileCode.COLUMN_TWICE, column=shown(name))
        taken.add(key)


def _first_places(names: Sequence[str]) -> dict[str, int]:
    """Return the place of each name, without case; of a name that is there twice, the first."""
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name:
            places.setdefault(name.casefold(), place)
    return places
