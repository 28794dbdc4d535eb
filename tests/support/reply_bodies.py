"""What people write, as Vonage posts it."""

from __future__ import annotations

import json
from typing import Any

ANA = "5214422591631"
EVA = "5215512345678"
HIDDEN = "MX.13491208655302741918"


def posted(number: str | None = ANA, uuid: str = "in-1", **more: Any) -> bytes:
    """A body as JavaScript writes it: what is not given is that of a text."""
    body = {
        "channel": "whatsapp",
        "message_uuid": uuid,
        "to": "5215550001111",
        "from": number,
        "timestamp": "2026-11-25T00:00:00.000Z",
        "message_type": "text",
        "profile": {"name": "María"},
        **more,
    }
    kept = {name: value for name, value in body.items() if value is not None}
    return json.dumps(kept, separators=(",", ":"), ensure_ascii=False).encode()


def text(said: str, number: str | None = ANA, uuid: str = "in-1", **more: Any) -> bytes:
    return posted(number, uuid, text=said, **more)


def button(said: str, payload: Any, number: str = ANA, uuid: str = "in-1", **more: Any) -> bytes:
    tapped = {"text": said, "payload": payload, "subtype": "button"}
    return posted(number, uuid, message_type="button", button=tapped, **more)


def context(message_uuid: str) -> dict[str, Any]:
    """That it answers one of our messages."""
    named = {"message_uuid": message_uuid, "message_from": "5215550001111"}
    return {"context_status": "available", "context": named}


FLOW = {"foo": "Bar", "baz": 42, "qux": [{"-1": False}]}
MEDIA = {"url": "https://api-us.nexmo.com/v3/media/1", "name": "x.jpg", "caption": "BAJA"}
REFERRAL = {"body": "Oferta", "source_type": "post", "source_id": "2127", "ctwa_clid": "12"}
OF_V0_1: dict[str, Any] = {"from": {"type": "whatsapp", "number": ANA}}

EVERY_SHAPE = {
    "text": text("hola"),
    "text_of_an_advertisement": text("hola", whatsapp={"referral": REFERRAL}, _self={"href": "https://x"}),
    "text_with_every_part": text(
        "hola", image=MEDIA, reply={"id": "r", "title": "9"}, sms={"keyword": "x"}, order={}
    ),
    "context_unavailable": text("hola", **context("gone") | {"context_status": "unavailable"}),
    "button": button("Sí", "YES"),
    "flow": button("sent", FLOW),
    "reply": posted(message_type="reply", reply={"id": "row1", "title": "9am", "description": "Cita"}),
    "image": posted(message_type="image", image=MEDIA),
    "location": posted(message_type="location", location={"lat": 40.3, "long": -74.1}),
    "sticker": posted(message_type="sticker", sticker={"url": "https://x"}),
    "contacts": posted(message_type="contacts", contacts=[{"name": {}}]),
    "reaction": posted(message_type="reaction", reaction={"emoji": "👍"}),
    "unsupported": posted(message_type="unsupported"),
    "a_kind_to_come": posted(message_type="hologram", hologram=[1, None]),
    "hidden_number": text(
        "hola", None, whatsapp={"sender": {"user_id": HIDDEN, "parent_user_id": "MX.ENT.1"}}
    ),
    "hidden_number_in_from": text("hola", HIDDEN),
    "number_beside_the_id": text("hola", HIDDEN, whatsapp={"sender": {"user_id": HIDDEN, "wa_id": ANA}}),
    "button_alone": b'{"channel":"whatsapp","button":{"payload":{"foo":"Bar"},"text":"sent"}}',
    "reply_alone": b'{"channel":"whatsapp","reply":{"id":"row1","title":"9am"}}',
    "nothing": b'{"channel":"whatsapp"}',
    "wrong_types": posted(1, message_type=2, timestamp=3, text=[], context="x", whatsapp=[]),  # type: ignore[arg-type]
    "v0_1": posted(
        message_type=None,
        **OF_V0_1,
        message={"content": {"type": "text", "text": "hola"}},
    ),
}
