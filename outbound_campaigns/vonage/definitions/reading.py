"""Reads an item of the template list into a definition, by Meta's schema; what it does not know it names.

Vonage's documented list is narrower than what comes through, so every key may be missing: examples, cards,
`parameter_format`. Placeholders are read out of the texts (template management API 1.4.1, "components"; Meta,
"template components").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from outbound_campaigns.domain.placeholders import PLACEHOLDER
from outbound_campaigns.vonage.definitions.slots import (
    BodyPart,
    ButtonPart,
    CardPart,
    HeaderPart,
    OfferPart,
    Slot,
    SlotKind,
    TemplateDefinition,
)
from outbound_campaigns.vonage.json_values import object_of, objects_of, text_or_number
from outbound_campaigns.vonage.template_text import read_wording

LONGEST_HEADER, LONGEST_BODY, LONGEST_OFFER_BODY, LONGEST_CARD_BODY = 60, 1024, 600, 160
"""characters of texts with their values put in (Meta, "components", "limited-time offer", "carousel")"""

LONGEST_CODE, LONGEST_COUPON, LONGEST_OFFER_COUPON = 15, 20, 15

AUTHENTICATION = "AUTHENTICATION"
_MEDIA = {"IMAGE": SlotKind.IMAGE, "VIDEO": SlotKind.VIDEO, "DOCUMENT": SlotKind.DOCUMENT}
_STATIC_BUTTONS = ("PHONE_NUMBER", "VOICE_CALL")
_NOTHING_TO_FILL = ("HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER")
_TAKES_NOTHING = ("CALL_PERMISSION_REQUEST",)
_ONE_TIME = re.compile(r"https://www\.whatsapp\.com/otp/code/", re.IGNORECASE)


def read_definition(listed: Mapping[str, Any]) -> TemplateDefinition:
    """Read a template, even if parts of it are missing or odd."""
    parts = {str(part.get("type")).upper(): part for part in objects_of(listed.get("components"))}
    category = text_or_number(listed.get("category"))
    has_offer = "LIMITED_TIME_OFFER" in parts
    header = _header(parts.get("HEADER"), "header")
    longest = LONGEST_OFFER_BODY if has_offer else LONGEST_BODY
    body = _body(parts.get("BODY"), "body", longest) or BodyPart("", longest, ())
    buttons = list(_buttons(parts.get("BUTTONS"), "button", has_offer))
    cards = [
        _card(index, card) for index, card in enumerate(objects_of(parts.get("CAROUSEL", {}).get("cards")))
    ]
    return TemplateDefinition(
        wording=read_wording(listed),
        is_named=_is_named(listed, header, body),
        header=header,
        body=body,
        buttons=buttons,
        cards=cards,
        offer=_offer(parts.get("LIMITED_TIME_OFFER")),
        code=_code(category, body, buttons),
        unknown=sorted(_unknown(parts, [*buttons, *(button for card in cards for button in card.buttons)])),
        listed=listed,
    )


def _is_named(listed: Mapping[str, Any], header: HeaderPart | None, body: BodyPart) -> bool:
    """Return whether parameters have names; a list without `parameter_format` shows it by placeholders."""
    if form := text_or_number(listed.get("parameter_format")):
        return form.upper() == "NAMED"
    texts = (header.text if header else "", body.text)
    return any(not name.isdecimal() for text in texts for name in PLACEHOLDER.findall(text))


def _header(listed: Mapping[str, Any] | None, key: str) -> HeaderPart | None:
    if listed is None:
        return None
    form, text = str(listed.get("format") or "TEXT").upper(), text_or_number(listed.get("text")) or ""
    if form in _MEDIA:
        kind = _MEDIA[form]
        slots = [Slot(f"{key}.{kind}", kind)]
        if kind is SlotKind.DOCUMENT:
            slots.append(Slot(f"{key}.filename", SlotKind.FILE_NAME, is_required=False))
        return HeaderPart(form, "", slots)
    if form == "LOCATION":
        # All four, since Meta answers "mandatory" to sends without name or address (reference: error 100).
        kinds = {
            "latitude": SlotKind.LATITUDE,
            "longitude": SlotKind.LONGITUDE,
            "name": SlotKind.PLACE_NAME,
            "address": SlotKind.ADDRESS,
        }
        return HeaderPart(form, "", [Slot(f"{key}.{name}", kind) for name, kind in kinds.items()])
    examples = _examples(listed, "header_text", "header_text_named_params")
    return HeaderPart(form, text, list(_text_slots(text, key, examples, LONGEST_HEADER)))


def _body(listed: Mapping[str, Any] | None, key: str, longest: int) -> BodyPart | None:
    if listed is None:
        return None
    text = text_or_number(listed.get("text")) or ""
    examples = _examples(listed, "body_text", "body_text_named_params")
    return BodyPart(text, longest, list(_text_slots(text, key, examples, longest)))


def _text_slots(text: str, key: str, examples: Mapping[str, str], longest: int) -> Iterator[Slot]:
    for name in dict.fromkeys(PLACEHOLDER.findall(text)):
        yield Slot(f"{key}.{name}", SlotKind.TEXT, name, longest, example=examples.get(name))


def _examples(listed: Mapping[str, Any], numbered: str, named: str) -> dict[str, str]:
    """Return {placeholder: example}: of names as pairs, of numbers as a list, or as a list in a list."""
    example = object_of(listed.get("example"))
    pairs = objects_of(example.get(named))
    found = {str(pair.get("param_name")): str(pair.get("example")) for pair in pairs}
    values = example.get(numbered)
    if isinstance(values, list) and values and isinstance(values[0], list):
        values = values[0]
    if isinstance(values, list):
        found |= {str(place): str(value) for place, value in enumerate(values, 1)}
    return found


def _buttons(listed: Mapping[str, Any] | None, key: str, has_offer: bool = False) -> Iterator[ButtonPart]:
    for index, button in enumerate(objects_of((listed or {}).get("buttons"))):
        kind, url = str(button.get("type")).upper(), text_or_number(button.get("url"))
        slot = _button_slot(f"{key}.{index}", kind, url, button, has_offer)
        yield ButtonPart(index, kind, text_or_number(button.get("text")) or "", url, slot)


def _button_slot(
    key: str, kind: str, url: str | None, button: Mapping[str, Any], has_offer: bool
) -> Slot | None:
    example, label = button.get("example"), text_or_number(button.get("text"))
    shown = text_or_number(example[0] if isinstance(example, list) and example else example)
    slot: Slot | None = None
    match kind:
        case "URL":
            names = PLACEHOLDER.findall(url or "")
            slot = Slot(f"{key}.url", SlotKind.URL_END, names[0], example=shown) if names else None
        case "QUICK_REPLY":
            slot = Slot(f"{key}.payload", SlotKind.PAYLOAD, is_required=False)
        case "COPY_CODE":
            longest = LONGEST_OFFER_COUPON if has_offer else LONGEST_COUPON
            slot = Slot(f"{key}.coupon_code", SlotKind.COUPON_CODE, longest=longest, example=shown)
        case "FLOW":
            slot = Slot(f"{key}.flow_token", SlotKind.FLOW_TOKEN, is_required=False)
        case "CATALOG":
            slot = Slot(f"{key}.product", SlotKind.PRODUCT, is_required=False)
    return replace(slot, label=label) if slot else None


def _card(index: int, card: Mapping[str, Any]) -> CardPart:
    parts = {str(part.get("type")).upper(): part for part in objects_of(card.get("components"))}
    key = f"card.{index}"
    return CardPart(
        index,
        _header(parts.get("HEADER"), f"{key}.header"),
        _body(parts.get("BODY"), f"{key}.body", LONGEST_CARD_BODY),
        list(_buttons(parts.get("BUTTONS"), f"{key}.button")),
    )


def _offer(listed: Mapping[str, Any] | None) -> OfferPart | None:
    if listed is None:
        return None
    offer = object_of(listed.get("limited_time_offer"))
    slot = Slot("offer.expires_at", SlotKind.EXPIRY) if offer.get("has_expiration") else None
    return OfferPart(text_or_number(offer.get("text")) or "", slot)


def _code(category: str | None, body: BodyPart, buttons: Sequence[ButtonPart]) -> Slot | None:
    """Return the slot of a one-time code, which stands in the body and once more in the button's address."""
    is_code = any(_ONE_TIME.match(button.url or "") for button in buttons)
    if not is_code and str(category).upper() != AUTHENTICATION:
        return None
    example = body.slots[0].example if body.slots else None
    return Slot("code", SlotKind.ONE_TIME_CODE, longest=LONGEST_CODE, example=example)


def _unknown(parts: Mapping[str, Any], buttons: Sequence[ButtonPart]) -> set[str]:
    known = (*_NOTHING_TO_FILL, *_TAKES_NOTHING)
    others = {name for name in parts if name not in known}
    header = parts.get("HEADER", {})
    form = str(header.get("format") or "TEXT").upper()
    if form not in ("TEXT", "LOCATION", *_MEDIA):
        others.add(form)
    fillable = ("URL", "QUICK_REPLY", "COPY_CODE", "FLOW", "CATALOG", *_STATIC_BUTTONS)
    return others | {button.type for button in buttons if button.type not in fillable}
