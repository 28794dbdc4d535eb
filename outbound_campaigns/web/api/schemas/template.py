"""Shapes of templates, and of messages made from them, in requests and answers."""

from __future__ import annotations

from marshmallow import fields

from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.vonage.definitions.slots import SlotKind
from outbound_campaigns.web.api.schemas.fields import Choice, Shape, Text, Whole
from outbound_campaigns.web.api.schemas.opt_out import ANY_NUMBER
from outbound_campaigns.web.api.schemas.recipient import Problem
from outbound_campaigns.web.api.schemas.status import Said


class Header(Shape):
    format = fields.String(required=True, metadata={"example": "IMAGE"})
    text = fields.String(required=True, allow_none=True)


class Slot(Shape):
    """One thing that a campaign's `values` fill."""

    key = fields.String(required=True, metadata={"example": "body.nombre"})
    kind = Choice([*SlotKind], required=True)
    name = fields.String(required=True, allow_none=True, metadata={"description": "its placeholder"})
    longest = fields.Integer(required=True, allow_none=True, metadata={"description": "in characters"})
    label = fields.String(required=True, allow_none=True, metadata={"description": "on its button"})
    required = fields.Boolean(required=True)
    example = fields.String(required=True, allow_none=True)


class Card(Shape):
    """A card of a carousel."""

    index = fields.Integer(required=True)
    header_format = fields.String(required=True, allow_none=True, metadata={"example": "IMAGE"})
    body = fields.String(required=True, allow_none=True)
    buttons = fields.List(fields.String(), required=True)


class Template(Shape):
    """One template in one language; `placeholders` are those of the body."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    language = fields.String(required=True)
    status = fields.String(required=True, metadata={"example": "APPROVED"})
    category = fields.String(required=True, allow_none=True)
    header = fields.Nested(Header, required=True, allow_none=True)
    body = fields.String(required=True)
    footer = fields.String(required=True, allow_none=True)
    buttons = fields.List(fields.String(), required=True)
    cards = fields.List(fields.Nested(Card), required=True)
    placeholders = fields.List(fields.String(), required=True)
    slots = fields.List(fields.Nested(Slot), required=True)
    only_by_components = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "parts that no slot fills: such a template needs template_components"},
    )


class Templates(Shape):
    templates = fields.List(fields.Nested(Template), required=True)


class PreviewIn(Shape):
    """Whose message is wanted; left out, the first recipient's."""

    recipient_id = Whole(1, 2**53)


class Read(Shape):
    """What the recipient reads."""

    header = fields.String(required=True, allow_none=True)
    body = fields.String(required=True)
    footer = fields.String(required=True, allow_none=True)
    buttons = fields.List(fields.String(), required=True)


class MessageProblem(Said):
    """What Vonage or Meta would refuse; `slot` is a slot's key, or a part of the message."""

    slot = fields.String(required=True, allow_none=True)


class Preview(Shape):
    """`custom` goes to Vonage; `text` is null where the template's wording is not known here."""

    recipient_id = fields.Integer(required=True)
    phone_number = fields.String(required=True)
    custom = fields.Raw(required=True, allow_none=True)
    text = fields.Nested(Read, required=True, allow_none=True)
    problems = fields.List(fields.Nested(MessageProblem), required=True)
    looking = fields.Boolean(
        required=True, metadata={"description": "its links are being looked at: ask again in a second"}
    )


class TestSendIn(Shape):
    """To whom; the message is the first recipient's."""

    __test__ = False
    phone_number = Text(64, required=True, metadata=ANY_NUMBER)


class TestSend(Shape):
    """What came of it; `outcome` is null while it is not known yet."""

    __test__ = False
    phone_number = fields.String(required=True)
    outcome = Choice([*OutcomeKind], required=True, allow_none=True)
    message_uuid = fields.String(required=True, allow_none=True)
    error = fields.Nested(Problem, required=True, allow_none=True)
