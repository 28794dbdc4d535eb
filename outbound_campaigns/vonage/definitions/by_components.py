"""Reads what programs give, `variables` and Meta's own components, into the same filling.

Which value stands where is Meta's: by place in a numbered template, by `parameter_name` in a named one, by
`index` among all buttons ("template messages").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from outbound_campaigns.vonage.definitions.filling import Filling, Value
from outbound_campaigns.vonage.definitions.judging import Problem, shown
from outbound_campaigns.vonage.definitions.proposing import is_numbered, proposal
from outbound_campaigns.vonage.definitions.slots import (
    MEDIA,
    BodyPart,
    ButtonPart,
    HeaderPart,
    Slot,
    TemplateDefinition,
)
from outbound_campaigns.vonage.json_values import object_of, objects_of, text_or_number

Variables = list[str] | dict[str, str] | None

_SUB_TYPES = {
    "URL": "url",
    "QUICK_REPLY": "quick_reply",
    "COPY_CODE": "copy_code",
    "FLOW": "flow",
    "CATALOG": "catalog",
    "MPM": "mpm",
    "VOICE_CALL": "voice_call",
}
GIVEN = "{}"
"""stands for a value that is no text, such as an action's object"""


def filling_of(
    definition: TemplateDefinition,
    variables: Variables,
    components: Sequence[Mapping[str, Any]] | None,
    columns: Sequence[str] | None,
) -> tuple[Filling, list[Problem]]:
    """Return what `variables` and `components` fill, and what in them fits no slot.

    Without variables the columns are proposed, as far as no component fills the body.
    """
    reader = _Reader(definition, columns or ())
    reader.read(components or ())
    if not reader.has_body:
        reader.fill(_by_variables(definition, variables, columns or ()), variables)
    return Filling(reader.values), reader.problems


def _by_variables(
    definition: TemplateDefinition, variables: Variables, columns: Sequence[str]
) -> dict[str, Value]:
    slots = definition.body.slots
    if variables is None:
        return dict(proposal(definition, columns).values)
    if isinstance(variables, list):
        return {slot.key: Value(column=column) for slot, column in zip(slots, variables, strict=False)}
    by_name = {slot.name: slot.key for slot in slots}
    return {by_name.get(name, f"body.{name}"): Value(column=column) for name, column in variables.items()}


class _Reader:
    """Goes through components and collects values and problems."""

    def __init__(self, definition: TemplateDefinition, columns: Sequence[str]) -> None:
        self._definition = definition
        self._columns = columns
        self.values: dict[str, Value] = {}
        self.problems: list[Problem] = []
        self.has_body = False

    def read(self, components: Sequence[Mapping[str, Any]]) -> None:
        definition = self._definition
        for component in components:
            match component.get("type"):
                case "header":
                    self._header(definition.header, component)
                case "body":
                    self.has_body = True
                    self._texts(definition.body, component, "body")
                case "button":
                    self._button(definition.buttons, component, "button")
                case "carousel":
                    self._cards(objects_of(component.get("cards")))
                case "limited_time_offer":
                    self._offer(component)
        self._code()

    def fill(self, values: Mapping[str, Value], variables: Variables) -> None:
        """Add what the variables fill; a list has to be as long as the body needs."""
        slots = self._definition.body.slots
        if isinstance(variables, list) and len(variables) != len(slots):
            told = {"given": len(variables), "expected": len(slots)}
            self._tell("wrong_number_of_values", "body", **told)
        self.values |= values
        self._code()

    def _tell(self, code: str, place: str | None, **values: object) -> None:
        self.problems.append(Problem(code, place, values))

    def _code(self) -> None:
        """Take the one-time code from the body, where it stands as everybody's text does."""
        code, body = self._definition.code, self._definition.body.slots
        if code is None:
            return
        inner = [*body, *(b.slot for b in self._definition.buttons if b.slot is not None)]
        given = [self.values.pop(slot.key) for slot in inner if slot.key in self.values]
        if given:
            self.values.setdefault(code.key, given[0])

    def _header(self, header: HeaderPart | None, component: Mapping[str, Any], key: str = "header") -> None:
        parameters = objects_of(component.get("parameters"))
        kind = str(parameters[0].get("type")) if parameters else "–"
        if header is None or not header.slots:
            self._tell("component_without_slot", key, part=key)
            return
        if header.format == "TEXT":
            self._texts(BodyPart(header.text, 0, header.slots), component, key)
            return
        if kind != header.format.lower():
            self._tell("wrong_header_kind", header.slots[0].key, given=kind, expected=header.format.lower())
            return
        content = object_of(parameters[0].get(kind))
        if header.format == "LOCATION":
            for slot in header.slots:
                self._take(slot, content.get(slot.key.rpartition(".")[2]))
            return
        for slot in header.slots:
            self._take(slot, content.get("link") if slot.kind in MEDIA else content.get("filename"))
        if content.get("id") and header.slots[0].key not in self.values:
            # A file at Meta's: it can't be looked at from here.
            self.values[header.slots[0].key] = Value(text=f"https://graph.facebook.com/{content['id']}")

    def _take(self, slot: Slot, given: object) -> None:
        text = text_or_number(given) if not isinstance(given, float) else repr(given)
        if text:
            self.values[slot.key] = Value(text=text)

    def _texts(self, part: BodyPart, component: Mapping[str, Any], key: str) -> None:
        parameters = objects_of(component.get("parameters"))
        names = [text_or_number(one.get("parameter_name")) for one in parameters]
        if len(parameters) != len(part.slots):
            told = {"given": len(parameters), "expected": len(part.slots)}
            self._tell("wrong_number_of_values", key, **told)
        is_named = any(not is_numbered(slot) for slot in part.slots)
        if is_named and not all(names):
            self._tell("names_missing", key, names=", ".join(str(slot.name) for slot in part.slots))
            return
        if not is_named and any(names):
            self._tell("names_unexpected", key, names=", ".join(name for name in names if name))
            return
        by_name = {slot.name: slot for slot in part.slots}
        slots = [by_name.get(name) for name in names] if is_named else list(part.slots)
        for slot, name, parameter in zip(slots, names, parameters, strict=False):
            if slot is None:
                self._tell(
                    "unknown_slot", key, slot=f"{{{{{name}}}}}", slots=", ".join(map(shown, part.slots))
                )
            else:
                self._take(
                    slot,
                    parameter.get("text")
                    or object_of(parameter.get(str(parameter.get("type")))).get("fallback_value"),
                )

    def _button(self, buttons: Sequence[ButtonPart], component: Mapping[str, Any], key: str) -> None:
        index, sub_type = str(component.get("index")), str(component.get("sub_type")).lower()
        place = f"{key}.{index}"
        found = next((button for button in buttons if str(button.index) == index), None)
        if found is None or (found.slot is None and found.type not in self._definition.unknown):
            self._tell("component_without_slot", place, part=place)
            return
        if _SUB_TYPES.get(found.type) != sub_type:
            self._tell("wrong_button_kind", place, given=sub_type, expected=_SUB_TYPES.get(found.type, "–"))
            return
        for text in _texts_of_button(component):
            if found.slot is not None:
                self._take(found.slot, text)

    def _cards(self, cards: Sequence[Mapping[str, Any]]) -> None:
        known = self._definition.cards
        if len(cards) != len(known):
            self._tell("wrong_number_of_cards", "card", given=len(cards), expected=len(known))
        for place, given in enumerate(cards):
            index = given.get("card_index", place)
            card = next((one for one in known if one.index == index), None)
            if card is None:
                continue
            key = f"card.{card.index}"
            for component in objects_of(given.get("components")):
                match str(component.get("type")).lower():
                    case "header":
                        self._header(card.header, component, f"{key}.header")
                    case "body" if card.body is not None:
                        self._texts(card.body, component, f"{key}.body")
                    case "button":
                        self._button(card.buttons, component, f"{key}.button")

    def _offer(self, component: Mapping[str, Any]) -> None:
        offer = self._definition.offer
        if offer is None or offer.slot is None:
            self._tell("component_without_slot", "offer", part="limited_time_offer")
            return
        for parameter in objects_of(component.get("parameters")):
            at = object_of(parameter.get("limited_time_offer")).get("expiration_time_ms")
            if isinstance(at, int) and not isinstance(at, bool):
                self.values[offer.slot.key] = Value(text=_moment(at))


def _texts_of_button(component: Mapping[str, Any]) -> Iterator[object]:
    for parameter in objects_of(component.get("parameters")):
        kind = str(parameter.get("type"))
        yield GIVEN if kind == "action" else parameter.get(kind)


def _moment(milliseconds: int) -> str:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat()
    except (OverflowError, OSError, ValueError):
        return str(milliseconds)
