"""Shapes of recipients and their attempts, in requests and answers."""

from __future__ import annotations

from marshmallow import fields

from outbound_campaigns.campaigns.in_doubt import DoubtVerdict
from outbound_campaigns.database.models import ReceiptSource, ReplyKind
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.reports.pages import ANY_REPLY
from outbound_campaigns.web.api.schemas.campaign import PageQuery, Query
from outbound_campaigns.web.api.schemas.fields import Choice, Moment, Shape, Text


class Problem(Shape):
    """A code, what it means, and what to do."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    reason = fields.String(required=True)
    advice = fields.String(required=True)


class Recipient(Shape):
    """One person of one campaign."""

    id = fields.Integer(required=True)
    phone_number = fields.String(required=True)
    variables = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    status = Choice([*RecipientStatus], required=True)
    attempts = fields.Integer(required=True)
    message_uuid = fields.String(required=True, allow_none=True)
    error = fields.Nested(Problem, required=True, allow_none=True)
    next_attempt_at = Moment(allow_none=True)
    sent_at = Moment(allow_none=True)
    delivered_at = Moment(allow_none=True)
    read_at = Moment(allow_none=True)
    failed_at = Moment(allow_none=True)
    updated_at = Moment()


class Receipt(Shape):
    """What Vonage told of the message later, by itself or in its records; `at` by its clock."""

    source = Choice([*ReceiptSource], required=True)
    status = fields.String(required=True)
    at = Moment(allow_none=True)
    received_at = Moment()
    detail = fields.String(required=True, allow_none=True)
    error = fields.Nested(Problem, required=True, allow_none=True)


class Attempt(Shape):
    """One request to Vonage, or one that was not begun."""

    attempt = fields.Integer(required=True)
    client_ref = fields.String(required=True)
    at = Moment()
    sent_at = Moment(allow_none=True)
    answered_at = Moment(allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    receipts = fields.List(fields.Nested(Receipt), required=True)


class Reply(Shape):
    """That somebody wrote back, or tapped a button; what they wrote is Botpress's affair."""

    kind = Choice([*ReplyKind], required=True)
    at = Moment(allow_none=True)
    received_at = Moment()


class RecipientStory(Recipient):
    history = fields.List(fields.Nested(Attempt), required=True)
    replies = fields.List(fields.Nested(Reply), required=True)


class RecipientPage(Shape):
    recipients = fields.List(fields.Nested(Recipient), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class StatusQuery(Query):
    status = Choice([*RecipientStatus])


_BETWEEN = "[^0-9A-Za-z\\u0000-\\u001F\\u007F-\\u009F]*"
NUMBER = {
    "description": "a number in any spelling, or its last four digits and more",
    "pattern": f"^{_BETWEEN}([0-9]{_BETWEEN}){{4,}}$",
    "example": "+52 442 259 1631",
}


class RecipientQuery(PageQuery):
    status = Choice([*RecipientStatus])
    reply = Choice([ANY_REPLY, *ReplyKind])
    q = Text(64, metadata=NUMBER)


class ResolveIn(Shape):
    """What an operator found out about a message in doubt."""

    class Meta:
        include = {"as": Choice([*DoubtVerdict], required=True)}  # noqa: RUF012 - a keyword can't be an attribute
