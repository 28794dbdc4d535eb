"""Judges a campaign's filling against its template's definition: what Meta would refuse of every message.

Preview, test message, schedule and start ask `problems`. What only some recipients' cells do is not looked at
here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from outbound_campaigns.domain.placeholders import PLACEHOLDER
from outbound_campaigns.vonage.definitions.composing import expiry
from outbound_campaigns.vonage.definitions.filling import Filling, Value, columns_of
from outbound_campaigns.vonage.definitions.reading import LONGEST_HEADER
from outbound_campaigns.vonage.definitions.slots import MEDIA, Slot, SlotKind, TemplateDefinition

LONGEST_URL = 2000
# WhatsApp Cloud API, error 132018: no new line, no tab, at most four blanks in a row.
UNFIT = re.compile(r"[\n\r\t]| {5,}")
_WHOLE_ADDRESS = re.compile(r"\s*(?:https?://|www\.)", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps every message from being delivered; `slot` names the place, if there is one."""

    code: str
    slot: str | None
    values: Mapping[str, object]


def problems(
    definition: TemplateDefinition,
    filling: Filling,
    columns: Collection[str] | None,
    zone: str,
    now: datetime,
) -> Iterator[Problem]:
    """Yield what is wrong, slot by slot; `columns` are those of the campaign's files, None without any."""
    slots = {slot.key: slot for slot in definition.slots}
    for key in filling.values:
        if key not in slots:
            yield Problem("unknown_slot", key, {"slot": key, "slots": ", ".join(slots) or "–"})
    for kind in definition.unknown:
        yield Problem("only_by_components", None, {"part": kind})
    known = None if columns is None else {name.casefold() for name in columns}
    for key, slot in slots.items():
        value = filling.values.get(key)
        if value is None or (value.column is None and not (value.text or "").strip()):
            if slot.is_required:
                yield Problem("slot_empty", key, {"slot": shown(slot)})
            continue
        yield from _problems_of(slot, value, known, zone, now)
    yield from _lengths(definition, filling)


def shown(slot: Slot) -> str:
    """Return how a slot is called in a sentence: as the template writes it, where it does."""
    return f"{{{{{slot.name}}}}} ({slot.key})" if slot.name else slot.key


def _problems_of(
    slot: Slot, value: Value, columns: Collection[str] | None, zone: str, now: datetime
) -> Iterator[Problem]:
    name = {"slot": shown(slot)}
    missing = [
        column
        for column in columns_of(value)
        if columns is not None and column.strip().casefold() not in columns
    ]
    for column in missing:
        yield Problem("missing_column", slot.key, {**name, "column": column})
    if value.text is None or columns_of(value):
        # What depends on each recipient's cells is not known here, but how a text begins is.
        if slot.kind is SlotKind.URL_END and _WHOLE_ADDRESS.match(value.text or ""):
            yield Problem("whole_address", slot.key, {**name, "value": (value.text or "")[:60]})
        return
    if code := fault_of(slot, value.text, zone, now):
        yield Problem(code, slot.key, {**name, "value": value.text[:60], "most": slot.longest or LONGEST_URL})


def fault_of(slot: Slot, text: str, zone: str, now: datetime) -> str | None:
    """Return the code of what is wrong with a slot's text, apart from an empty one; None if nothing is."""
    if slot.longest is not None and len(text) > slot.longest:
        return "slot_too_long"
    if slot.kind in MEDIA:
        return None if _LINK.fullmatch(text.strip()) else "not_a_link"
    if slot.kind is SlotKind.URL_END:
        return "whole_address" if _WHOLE_ADDRESS.match(text) else None
    if slot.kind in (SlotKind.LATITUDE, SlotKind.LONGITUDE):
        return None if _is_degrees(text, 90 if slot.kind is SlotKind.LATITUDE else 180) else "not_degrees"
    if slot.kind is SlotKind.EXPIRY:
        return _fault_of_expiry(text, zone, now)
    return "unfit_value" if UNFIT.search(text) else None


def _is_degrees(text: str, most: int) -> bool:
    try:
        degrees = float(text)
    except ValueError:
        return False
    return math.isfinite(degrees) and abs(degrees) <= most


def _fault_of_expiry(text: str, zone: str, now: datetime) -> str | None:
    try:
        return "offer_expired" if expiry(text, zone) <= now else None
    except ValueError:
        return "not_a_time"


@dataclass(frozen=True, slots=True)
class LimitedText:
    """A text of a template whose length is limited with its values put in."""

    text: str
    longest: int
    slots: Sequence[Slot]

    def length(self, texts: Mapping[str, str]) -> int:
        """Return how long it is with the text of each slot; what has none counts nothing."""
        put_in = {slot.name: texts.get(slot.key, "") for slot in self.slots}
        return len(PLACEHOLDER.sub(lambda match: put_in.get(match[1], ""), self.text))


def limited_texts(definition: TemplateDefinition) -> list[LimitedText]:
    """Return the header, the body and the cards' bodies, as far as there is text in them."""
    parts = [(definition.header, LONGEST_HEADER), (definition.body, definition.body.longest)]
    parts += [(card.body, card.body.longest) for card in definition.cards if card.body]
    return [LimitedText(part.text, longest, part.slots) for part, longest in parts if part and part.text]


def _lengths(definition: TemplateDefinition, filling: Filling) -> Iterator[Problem]:
    """Yield the texts that are too long whatever the cells hold: with fixed texts put in, and no cells."""
    fixed = {key: value.text or "" for key, value in filling.values.items() if not columns_of(value)}
    for part in limited_texts(definition):
        if (length := part.length(fixed)) > part.longest:
            place = part.slots[0].key if part.slots else None
            yield Problem("too_long", place, {"length": length, "most": part.longest})
