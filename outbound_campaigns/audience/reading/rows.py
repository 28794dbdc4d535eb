"""Reads one row of a file: either a recipient, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from outbound_campaigns.audience.judging.faults import DAMAGED, FIVE_SPACES, NULL_WORDS
from outbound_campaigns.audience.judging.row_judge import RowJudge
from outbound_campaigns.audience.reading.cells import without_guard
from outbound_campaigns.audience.reading.columns import Columns
from outbound_campaigns.audience.reading.refused import RowRefusal, shown
from outbound_campaigns.audience.reading.restoring import Restored, is_twice_encoded, restored, trimmed
from outbound_campaigns.domain.phone_numbers import BadNumber, NumberRules, first_number
from outbound_campaigns.domain.row_refusals import RowCode
from outbound_campaigns.vonage.definitions.filling import Filling

SAMPLE = 5
"""how many examples of a file's texts are kept, to be looked at"""


LOOKS = 100
"""rows in which texts for the sample are looked for"""


def judge_of_all(_columns: Sequence[str]) -> RowJudge:
    """Return the judge for whom every cell becomes a value of the message."""
    return RowJudge(None, None, "UTC", datetime.now(UTC))


def judge_of_none(_columns: Sequence[str]) -> RowJudge:
    """Return the judge of rows of which only the number is used."""
    return RowJudge(Filling(), None, "UTC", datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class FileWishes:
    """What a campaign needs from a file, and what its owner says of it, if they do: how it is encoded, and
    which column holds the numbers. `judge_of` gives the judge of its rows for its columns, without the
    number's.
    """

    judge_of: Callable[[Sequence[str]], RowJudge] = judge_of_all
    numbers: NumberRules = field(default_factory=NumberRules)
    encoding: str | None = None
    phone_column: str | None = None


class Row(NamedTuple):
    """A row with a person; `cells` are by their headers, in the file's order, without the number.

    The last two are its flaw, if it has one.
    """

    row: int
    phone_number: str
    phone_key: str
    cells: dict[str, str]
    error_code: str | None = None
    error_detail: str | None = None


class RowReader:
    """Reads the rows of one file by its columns.

    `restored` counts the rows in which cells were changed, and `examples` are the first of them; `accented`
    are the first cells with letters beyond ASCII, which show whether the encoding is right.
    """

    def __init__(self, columns: Columns, numbers: NumberRules, judge: RowJudge) -> None:
        self.restored = 0
        self.examples: list[Restored] = []
        self.accented: list[str] = []
        self._looks_left = LOOKS
        self._columns = columns
        self._width = len(columns.names)
        self._kept_names = columns.kept_names
        self._numbers = numbers
        self._judge = judge
        self._longest_quiet = judge.longest_quiet(self._kept_names)

    def read(self, row: int, cells: list[str], text: str) -> Row | RowRefusal | None:
        """Read a record, with `text` as all its cells joined. Returns None when all cells are empty."""
        is_ascii = text.isascii()
        stripped = list(map(str.strip, cells))
        suspect = self._is_suspect(stripped, text) or (not is_ascii and is_twice_encoded(text))
        if not suspect:
            cells = stripped
        elif not text.strip():
            return None
        else:
            cells = self._restored(row, cells)
            if uneven := self._uneven(row, cells):
                return uneven
        columns = self._columns
        try:
            number = first_number(cells[columns.phone], self._numbers)
        except BadNumber as refused:
            return self._refused(row, cells, columns.phone, refused.code)
        if suspect and (faulty := self._with_nul(row, cells)):
            return faulty
        values = [cells[place] for place in columns.kept]
        if not is_ascii and self._looks_left:
            self._look_at(values)
        kept = dict(zip(self._kept_names, values, strict=True))
        flaw = None
        if suspect or len(text) > self._longest_quiet:
            flaw = self._judge.flaw(kept)
        return Row(row, number.e164, number.key, kept, *(flaw or (None, None)))

    def _is_suspect(self, cells: list[str], text: str) -> bool:
        """Return whether the row needs a closer look, cell by cell, which costs thrice as much; few do."""
        return (
            len(cells) != self._width
            or not text.isprintable()
            or "'" in text
            or '"' in text
            or "#" in text
            or "Err:" in text
            or "=" in text
            or FIVE_SPACES in text
            or DAMAGED in text
            or not all(cells)
            or not NULL_WORDS.isdisjoint(cells)
        )

    def _restored(self, row: int, cells: list[str]) -> list[str]:
        meant = [restored(cell) for cell in cells]
        changed = [place for place, cell in enumerate(cells) if _is_other_text(cell, meant[place])]
        self.restored += bool(changed)
        for place in changed[: SAMPLE - len(self.examples)]:
            column = self._columns.names[place] if place < self._width else ""
            self.examples.append(Restored(row, column, shown(cells[place]), shown(meant[place])))
        return meant

    def _look_at(self, cells: list[str]) -> None:
        self._looks_left -= 1
        new = (shown(cell) for cell in cells if not cell.isascii())
        self.accented += list(dict.fromkeys(cell for cell in new if cell not in self.accented))
        del self.accented[SAMPLE:]

    def _uneven(self, row: int, cells: list[str]) -> RowRefusal | None:
        if len(cells) < self._width:
            missing = self._columns.names[len(cells)]
            return RowRefusal(row, missing, shown(" | ".join(cells)), RowCode.ROW_TOO_SHORT)
        for extra in cells[self._width :]:
            if extra.strip():
                return RowRefusal(row, None, shown(extra), RowCode.ROW_TOO_LONG)
        return None

    def _with_nul(self, row: int, cells: list[str]) -> RowRefusal | None:
        """Return the refusal of a row with a NUL, which PostgreSQL takes in no column."""
        for place in self._columns.kept:
            if "\0" in cells[place]:
                return self._refused(row, cells, place, RowCode.CONTROL_CHARACTER)
        return None

    def _refused(self, row: int, cells: list[str], place: int, code: RowCode) -> RowRefusal:
        return RowRefusal(row, self._columns.names[place], shown(cells[place]), code)


def _is_other_text(before: str, after: str) -> bool:
    """Return whether more was changed than what nobody sees: blanks around, and an export's guard."""
    return before != after and without_guard(trimmed(before)) != after
