"""Shapes of opt-outs, in requests and answers."""

from __future__ import annotations

from marshmallow import fields

from outbound_campaigns.database.models import OptOutSource
from outbound_campaigns.web.api.schemas.campaign import PageQuery, Query
from outbound_campaigns.web.api.schemas.fields import Choice, Moment, Shape, Text
from outbound_campaigns.web.api.schemas.imports import RefusedRow
from outbound_campaigns.web.api.schemas.recipient import NUMBER

ANY_NUMBER = {"description": "a number in any spelling", "example": "+52 442 259 1631"}


class OptOut(Shape):
    """One person to whom the bot never sends; `who` is the operator who said so."""

    id = fields.Integer(required=True)
    phone_number = fields.String(required=True, allow_none=True)
    user_id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "WhatsApp's id, where nobody knows the number: it can't be left out yet"},
    )
    source = Choice([*OptOutSource], required=True)
    detail = fields.String(
        required=True, allow_none=True, metadata={"description": "the bot's word, or the receipt's code"}
    )
    who = fields.String(required=True, allow_none=True)
    created_at = Moment()


class OptOutPage(Shape):
    opt_outs = fields.List(fields.Nested(OptOut), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class OptOutQuery(PageQuery):
    q = Text(64, metadata=NUMBER)


class OptOutIn(Shape):
    phone_number = Text(64, required=True, metadata=ANY_NUMBER)


class NumberQuery(Query):
    phone_number = Text(64, required=True, metadata=ANY_NUMBER)


class OptOutsAdded(Shape):
    """What came of a number or a file; `refused` are the first hundred of the `invalid` rows."""

    added = fields.Integer(required=True)
    already_there = fields.Integer(required=True)
    invalid = fields.Integer(required=True)
    refused = fields.List(fields.Nested(RefusedRow), required=True)
