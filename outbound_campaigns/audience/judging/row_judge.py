"""Judges the rows of a campaign, one by one: whether their cells can become a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from outbound_campaigns.audience.judging.faults import LONGEST_CELL, fault
from outbound_campaigns.domain.flaws import OF_PROBLEMS, Flaw, FlawCode
from outbound_campaigns.domain.placeholders import PLACEHOLDER
from outbound_campaigns.vonage.definitions.filling import Filling, MissingColumn, columns_of
from outbound_campaigns.vonage.definitions.judging import LimitedText, fault_of, limited_texts
from outbound_campaigns.vonage.definitions.slots import Slot, SlotKind, TemplateDefinition

_PLAIN_TEXTS = (SlotKind.TEXT, SlotKind.PLACE_NAME, SlotKind.ADDRESS, SlotKind.FILE_NAME, SlotKind.PAYLOAD)
"""kinds that take any text without faults of its own, within their length"""


class _Plain(NamedTuple):
    """A slot for any text that one column fills, `name` in the rows; `instead` stands for empty cells."""

    slot: Slot
    column: str
    name: str
    instead: str


class _Plan(NamedTuple):
    """What rows with the same columns are looked at for: used columns with their names in the rows."""

    used: Sequence[tuple[str, str]]
    plain: Sequence[_Plain] | None
    """all slots that take cells; None where one of them needs a closer look"""


class RowJudge:
    """Judges rows by what fills a template's slots, or by all their cells where that is not known.

    `filling` is None where every cell becomes a value of the message; without a `definition`, each value is
    taken for a text of the body.
    """

    def __init__(
        self, filling: Filling | None, definition: TemplateDefinition | None, zone: str, now: datetime
    ) -> None:
        self._filling = filling
        self._zone, self._now = zone, now
        keys = filling.values if filling is not None else {}
        known = {slot.key: slot for slot in definition.slots} if definition is not None else None
        self._slots = [_slot(key, known) for key in keys if known is None or key in known]
        self._texts = limited_texts(definition) if definition is not None else []
        self._used = list(dict.fromkeys(filling.columns())) if filling is not None else []
        self._room = min(self._rooms(), default=LONGEST_CELL) if filling is not None else LONGEST_CELL
        self._plans: dict[tuple[str, ...], _Plan] = {}

    @property
    def columns(self) -> Sequence[str] | None:
        """Return the columns that are used, each as the filling spells it; None for all."""
        return None if self._filling is None else self._used

    def longest_quiet(self, columns: Sequence[str]) -> int:
        """Return up to which length a row's cells, taken together, can't be too long; -1 if rows have to be
        looked at for other reasons.

        It holds for rows of a file with these columns in which no cell is empty, or has a fault by itself.
        """
        if self._filling is None:
            return LONGEST_CELL
        known = {column.strip().casefold() for column in columns}
        if any(column.strip().casefold() not in known for column in self._used):
            return -1
        if any(slot.kind not in _PLAIN_TEXTS and self._takes_cells(slot) for slot in self._slots):
            return -1
        return self._room

    def flaw(self, cells: Mapping[str, str]) -> Flaw | None:
        """Return what keeps a row from becoming a message; the first flaw where there are several."""
        if self._filling is None:
            return next(_flaws_of_all(cells), None)
        names = tuple(cells)
        try:
            plan = self._plans.get(names) or self._plan(self._filling, names)
        except MissingColumn as missing:
            return Flaw(FlawCode.COLUMN_MISSING, str(missing))
        length = 0
        for column, name in plan.used:
            if code := fault(cells[name]):
                return Flaw(code, column)
            length += len(cells[name])
        if plan.plain is None or length > self._room:
            return next(self._flaws(self._filling, self._filling.texts(cells)), None)
        for slot, column, name, instead in plan.plain:
            if not (cells[name].strip() or instead) and slot.is_required:
                return Flaw(FlawCode.EMPTY, column)
        return None

    def _plan(self, filling: Filling, names: tuple[str, ...]) -> _Plan:
        by_name = {name.casefold(): name for name in names}
        used = []
        for column in self._used:
            if (name := by_name.get(column.strip().casefold())) is None:
                raise MissingColumn(column)
            used.append((column, name))
        plan = self._plans[names] = _Plan(used, self._plain(filling, by_name))
        return plan

    def _plain(self, filling: Filling, by_name: Mapping[str, str]) -> list[_Plain] | None:
        found = []
        for slot in self._slots:
            column = filling.values[slot.key].column
            if column is not None and slot.kind in _PLAIN_TEXTS:
                name = by_name[column.strip().casefold()]
                found.append(_Plain(slot, column, name, filling.instead_of(column)))
            elif self._takes_cells(slot):
                return None
        return found

    def _flaws(self, filling: Filling, texts: Mapping[str, str]) -> Iterator[Flaw]:
        """Yield what is wrong with the texts that a row's cells make."""
        for slot in self._slots:
            text, columns = texts[slot.key], columns_of(filling.values[slot.key])
            if not columns:
                continue  # a fixed text is the campaign's affair
            if not text.strip():
                if slot.is_required:
                    yield Flaw(FlawCode.EMPTY, columns[0])
            elif problem := fault_of(slot, text, self._zone, self._now):
                yield Flaw(OF_PROBLEMS[problem], columns[0])
        for part in self._texts:
            if part.length(texts) > part.longest:
                yield Flaw(FlawCode.TOO_LONG, self._longest_column(part, texts))

    def _longest_column(self, part: LimitedText, texts: Mapping[str, str]) -> str | None:
        """Return the column that adds most to a text; None if fixed texts alone fill it."""
        assert self._filling is not None
        values = {slot.key: self._filling.values.get(slot.key) for slot in part.slots}
        added = {key: columns_of(value) for key, value in values.items() if value and columns_of(value)}
        return added[max(added, key=lambda key: len(texts[key]))][0] if added else None

    def _takes_cells(self, slot: Slot) -> bool:
        assert self._filling is not None
        return bool(columns_of(self._filling.values[slot.key]))

    def _rooms(self) -> Iterator[int]:
        """Yield how much room each limited text leaves for a row's cells, however they share it."""
        assert self._filling is not None
        values = self._filling.values
        nothing = self._filling.texts(dict.fromkeys(map(str.strip, self._used), ""))
        for slot in self._slots:
            if slot.longest is not None:
                most = _most_uses(Counter(columns_of(values[slot.key])))
                yield (slot.longest - len(nothing[slot.key])) // most
        for part in self._texts:
            placed = Counter(PLACEHOLDER.findall(part.text))
            uses: Counter[str] = Counter()
            for slot in part.slots:
                for column in columns_of(values[slot.key]) if slot.key in values else ():
                    uses[column] += placed[str(slot.name)]
            yield (part.longest - part.length(nothing)) // _most_uses(uses)


def _most_uses(uses: Counter[str]) -> int:
    return max(uses.values(), default=1)


def _slot(key: str, known: Mapping[str, Slot] | None) -> Slot:
    return Slot(key, SlotKind.TEXT, longest=LONGEST_CELL) if known is None else known[key]


def _flaws_of_all(cells: Mapping[str, str]) -> Iterator[Flaw]:
    for column, cell in cells.items():
        if not cell.strip():
            yield Flaw(FlawCode.EMPTY, column)
        elif code := fault(cell):
            yield Flaw(code, column)
        elif len(cell) > LONGEST_CELL:
            yield Flaw(FlawCode.TOO_LONG, column)
