"""With what a campaign fills a template's slots: from a column, or with a text in which columns may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from outbound_campaigns.domain.placeholders import COLUMN


class MissingColumn(Exception):
    """Raised when the recipient's file lacks a column."""


class Value(NamedTuple):
    """What fills one slot: a `column`, with a text for its empty cells if there is one; else a `text`."""

    column: str | None = None
    text: str | None = None
    if_empty: str | None = None


@dataclass(frozen=True)
class Filling:
    """What fills each slot, by the slot's key."""

    values: Mapping[str, Value] = field(default_factory=dict)

    def columns(self) -> Iterator[str]:
        """Yield the columns that are used, each as it is written."""
        for value in self.values.values():
            yield from columns_of(value)

    def texts(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return the text of each slot for one recipient; an empty one where there is nothing to put in.

        Raises MissingColumn.
        """
        by_name = {name.casefold(): cell for name, cell in cells.items()}
        return {key: self._text(value, by_name) for key, value in self.values.items()}

    def _text(self, value: Value, cells: Mapping[str, str]) -> str:
        if value.column is not None:
            return self._cell(value.column, cells)
        return COLUMN.sub(lambda match: self._cell(match[1], cells), value.text or "")

    def _cell(self, column: str, cells: Mapping[str, str]) -> str:
        name = column.strip().casefold()
        if name not in cells:
            raise MissingColumn(column)
        return cells[name] or self.instead_of(column)

    def instead_of(self, column: str) -> str:
        """Return the text that stands for a column's empty cells; an empty one where there is none."""
        return self._if_empty.get(column.strip().casefold(), "")

    @cached_property
    def _if_empty(self) -> Mapping[str, str]:
        """The texts for empty cells by column: they serve a column in the midst of a text as well."""
        return {
            value.column.strip().casefold(): value.if_empty
            for value in self.values.values()
            if value.column is not None and value.if_empty
        }

    def stored(self) -> dict[str, dict[str, str]]:
        """Return it as JSON: {slot: {"column", "if_empty"} or {"text"}}."""
        return {
            key: {name: part for name, part in value._asdict().items() if part is not None}
            for key, value in self.values.items()
        }


def columns_of(value: Value) -> list[str]:
    """Return the columns that a value uses."""
    return [value.column] if value.column is not None else COLUMN.findall(value.text or "")


def read_filling(stored: Mapping[str, Any]) -> Filling:
    """Read what `Filling.stored` gave, or what a client wrote; a text alone stands for {"text": …}."""
    return Filling(
        {
            key: Value(text=given)
            if isinstance(given, str)
            else Value(given.get("column"), given.get("text"), given.get("if_empty"))
            for key, given in stored.items()
        }
    )
