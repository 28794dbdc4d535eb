"""Proposes the columns that fill a template's texts: by name for named slots, by place for numbered ones."""

from __future__ import annotations

from collections.abc import Sequence

from outbound_campaigns.domain.spelling import bare
from outbound_campaigns.vonage.definitions.filling import Filling, Value
from outbound_campaigns.vonage.definitions.slots import Slot, SlotKind, TemplateDefinition


def proposal(definition: TemplateDefinition, columns: Sequence[str]) -> Filling:
    """Return the filling that suggests itself; `columns` are a file's, in its order, without the number's.

    Named slots are never filled by place alone, and no address or file is.
    """
    texts = [slot for slot in definition.slots if slot.kind is SlotKind.TEXT]
    by_name = {bare(column): column for column in reversed(columns)}
    found = {
        slot.key: Value(column=by_name[bare(str(slot.name))])
        for slot in texts
        if not is_numbered(slot) and bare(str(slot.name)) in by_name
    }
    numbered = [slot for slot in definition.body.slots if is_numbered(slot)]
    found |= {slot.key: Value(column=column) for slot, column in zip(numbered, columns, strict=False)}
    return Filling(found)


def is_numbered(slot: Slot) -> bool:
    return slot.name is None or slot.name.isdecimal()
