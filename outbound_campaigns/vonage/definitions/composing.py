"""Composes a message's components out of a definition and the texts of its slots.

The shapes are Meta's ("template messages", "carousel", "limited-time offer"); only what has something to fill
gets a component, as a static header or button with one is refused (132018).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from outbound_campaigns.domain.time_zones import zone as zone_of
from outbound_campaigns.vonage.definitions.slots import (
    MEDIA,
    BodyPart,
    ButtonPart,
    HeaderPart,
    Slot,
    SlotKind,
    TemplateDefinition,
)

Component = dict[str, Any]
Texts = Mapping[str, str]
"""the text of each slot by its key, for one recipient"""


def components(definition: TemplateDefinition, texts: Texts, zone: str) -> list[Component]:
    """Return a message's components; an offer's time without an offset is one of `zone`."""
    if definition.code is not None:
        texts = _code_everywhere(definition, texts)
    found = [*_header(definition.header, texts), *_body(definition.body, texts)]
    if definition.cards:
        cards = [
            {
                "card_index": card.index,
                "components": [
                    *_header(card.header, texts),
                    *_body(card.body, texts),
                    *_buttons(card.buttons, texts),
                ],
            }
            for card in definition.cards
        ]
        found.append({"type": "carousel", "cards": cards})
    if definition.offer is not None and definition.offer.slot is not None:
        at = texts.get(definition.offer.slot.key, "")
        offer = {"expiration_time_ms": round(expiry(at, zone).timestamp() * 1000)}
        found.append(
            _component("limited_time_offer", [{"type": "limited_time_offer", "limited_time_offer": offer}])
        )
    return [*found, *_buttons(definition.buttons, texts)]


def expiry(text: str, zone: str) -> datetime:
    """Return the moment of an offer's end. Raises ValueError."""
    at = datetime.fromisoformat(text.strip())
    return at if at.tzinfo else at.replace(tzinfo=zone_of(zone))


def _code_everywhere(definition: TemplateDefinition, texts: Texts) -> Texts:
    """Return the texts with the one-time code in the body and in the button's address."""
    assert definition.code is not None
    code = texts.get(definition.code.key, "")
    slots = [
        *definition.body.slots,
        *(button.slot for button in definition.buttons if button.slot is not None),
    ]
    return {**texts, **{slot.key: code for slot in slots}}


def _component(kind: str, parameters: Sequence[Component], **more: str) -> Component:
    return {"type": kind, **more, "parameters": list(parameters)}


def _header(header: HeaderPart | None, texts: Texts) -> Iterator[Component]:
    if header is None or not header.slots:
        return
    if header.format == "TEXT":
        yield _component("header", [_text(slot, texts) for slot in header.slots])
    elif header.format == "LOCATION":
        place = {slot.key.rpartition(".")[2]: texts.get(slot.key, "") for slot in header.slots}
        yield _component("header", [{"type": "location", "location": place}])
    else:
        yield _component("header", [_medium(header.slots, texts)])


def _medium(slots: Sequence[Slot], texts: Texts) -> Component:
    medium = next(slot for slot in slots if slot.kind in MEDIA)
    names = [texts[slot.key] for slot in slots if slot.kind is SlotKind.FILE_NAME and texts.get(slot.key)]
    content = {"link": texts.get(medium.key, "")} | ({"filename": names[0]} if names else {})
    return {"type": str(medium.kind), str(medium.kind): content}


def body_component(definition: TemplateDefinition, texts: Texts) -> list[Component]:
    """Return the body's component, or nothing where it has no placeholder."""
    if definition.code is not None:
        texts = _code_everywhere(definition, texts)
    return list(_body(definition.body, texts))


def _body(body: BodyPart | None, texts: Texts) -> Iterator[Component]:
    if body is not None and body.slots:
        yield _component("body", [_text(slot, texts) for slot in body.slots])


def _text(slot: Slot, texts: Texts) -> Component:
    is_numbered = slot.name is None or slot.name.isdecimal()
    named = {} if is_numbered else {"parameter_name": slot.name}
    return {"type": "text", **named, "text": texts.get(slot.key, "")}


def _buttons(buttons: Sequence[ButtonPart], texts: Texts) -> Iterator[Component]:
    for button in buttons:
        slot = button.slot
        if slot is None or (not texts.get(slot.key) and not slot.is_required):
            continue
        text, index = texts.get(slot.key, ""), str(button.index)
        match slot.kind:
            case SlotKind.PAYLOAD:
                parameter: Component = {"type": "payload", "payload": text}
                yield _component("button", [parameter], sub_type="quick_reply", index=index)
            case SlotKind.COUPON_CODE:
                parameter = {"type": "coupon_code", "coupon_code": text}
                yield _component("button", [parameter], sub_type="copy_code", index=index)
            case SlotKind.FLOW_TOKEN:
                parameter = {"type": "action", "action": {"flow_token": text}}
                yield _component("button", [parameter], sub_type="flow", index=index)
            case SlotKind.PRODUCT:
                parameter = {"type": "action", "action": {"thumbnail_product_retailer_id": text}}
                yield _component("button", [parameter], sub_type="CATALOG", index=index)
            case _:
                yield _component("button", [_text(slot, texts)], sub_type="url", index=index)
