"""A template as a form: its parts as people see them, and the slots that a campaign fills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from outbound_campaigns.vonage.template_text import Wording


class SlotKind(StrEnum):
    """What a slot takes."""

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    DOCUMENT = "document"
    FILE_NAME = "file_name"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    PLACE_NAME = "place_name"
    ADDRESS = "address"
    URL_END = "url_end"
    """what follows the address of a button's link"""
    PAYLOAD = "payload"
    """what comes back when a quick reply is tapped"""
    COUPON_CODE = "coupon_code"
    ONE_TIME_CODE = "one_time_code"
    FLOW_TOKEN = "flow_token"  # noqa: S105 - Meta's name for it
    PRODUCT = "product"
    """the product whose picture stands for a catalogue"""
    EXPIRY = "expiry"
    """until when an offer holds: ISO 8601, without an offset in the campaign's zone"""


MEDIA = (SlotKind.IMAGE, SlotKind.VIDEO, SlotKind.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to be filled. `key` names it: `body.nombre`, `header.image`, `card.0.button.1.url` …

    `name` is its placeholder, if it has one; `label` what stands on its button; `longest` is in characters.
    """

    key: str
    kind: SlotKind
    name: str | None = None
    longest: int | None = None
    is_required: bool = True
    example: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class HeaderPart:
    """A header; `format` is TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION, and only TEXT has a `text`."""

    format: str
    text: str
    slots: Sequence[Slot]


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A text with placeholders; `longest` counts the values put in."""

    text: str
    longest: int
    slots: Sequence[Slot]


@dataclass(frozen=True, slots=True)
class ButtonPart:
    """A button; `index` is its place among all buttons, from 0. `slot` is None where nothing is filled."""

    index: int
    type: str
    text: str
    url: str | None
    slot: Slot | None


@dataclass(frozen=True, slots=True)
class CardPart:
    """A card of a carousel."""

    index: int
    header: HeaderPart | None
    body: BodyPart | None
    buttons: Sequence[ButtonPart]


@dataclass(frozen=True, slots=True)
class OfferPart:
    """A limited-time offer; `slot` is None where it has no expiry."""

    text: str
    slot: Slot | None


@dataclass(frozen=True, slots=True)
class TemplateDefinition:
    """One template in one language, as the account's list has it; `wording` is what people read of it.

    `code` is the slot of a one-time code, which fills body and button. `unknown` names parts that no slot can
    fill: such a template can be sent by `template_components` alone. `listed` is the list's item itself.
    """

    wording: Wording
    is_named: bool
    header: HeaderPart | None
    body: BodyPart
    buttons: Sequence[ButtonPart]
    cards: Sequence[CardPart]
    offer: OfferPart | None
    code: Slot | None
    unknown: Sequence[str]
    listed: Mapping[str, Any] = field(repr=False, compare=False)

    @property
    def slots(self) -> Sequence[Slot]:
        """Return all slots, in the order in which a person sees them."""
        if self.code is not None:
            return [self.code]
        found = [*_slots_of(self.header), *self.body.slots]
        for card in self.cards:
            found += [*_slots_of(card.header), *(card.body.slots if card.body else ())]
            found += _slots_of_buttons(card.buttons)
        if self.offer is not None and self.offer.slot is not None:
            found.append(self.offer.slot)
        return [*found, *_slots_of_buttons(self.buttons)]


def _slots_of(header: HeaderPart | None) -> list[Slot]:
    return list(header.slots) if header else []


def _slots_of_buttons(buttons: Sequence[ButtonPart]) -> list[Slot]:
    return [button.slot for button in buttons if button.slot is not None]
