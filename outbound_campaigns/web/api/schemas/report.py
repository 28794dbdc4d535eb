"""The shape of a campaign's report."""

from __future__ import annotations

from marshmallow import fields

from bot_config.prices import CATEGORIES
from outbound_campaigns.campaigns.counting import WITH_ERROR
from outbound_campaigns.web.api.schemas.campaign import Campaign, Counts
from outbound_campaigns.web.api.schemas.fields import Amount, Choice, Moment, Shape
from outbound_campaigns.web.api.schemas.recipient import Problem
from outbound_campaigns.web.api.schemas.status import Waiting


class Rates(Shape):
    """Shares of those that left, from 0 to 1."""

    delivered = fields.Float(required=True)
    read = fields.Float(required=True)
    failed = fields.Float(required=True)


class ErrorCount(Problem):
    status = Choice(WITH_ERROR, required=True)
    count = fields.Integer(required=True)


class TimelinePoint(Shape):
    """So many recipients became that from `at` on, until the next point."""

    at = Moment()
    sent = fields.Integer(required=True)
    delivered = fields.Integer(required=True)
    read = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class Replies(Shape):
    """How many of the recipients wrote back, tapped a button, or asked for no more messages."""

    replied = fields.Integer(required=True)
    buttons = fields.Integer(required=True)
    opted_out = fields.Integer(required=True)


class PaceShown(Shape):
    """`per_second`: messages a second that the campaign has come to so far."""

    per_second = fields.Float(required=True)
    eta = Moment(allow_none=True)
    next_batch_at = Moment(allow_none=True)


class CountryCost(Shape):
    """`price`: of one message, by the table as it is now; null where it has none."""

    country = fields.String(required=True)
    recipients = fields.Integer(required=True)
    price = Amount(required=True, allow_none=True)


class Cost(Shape):
    """By the prices in the settings. `committed` is known; `possible` and `estimated` are guessed."""

    currency = fields.String(required=True, allow_none=True)
    category = Choice(CATEGORIES, required=True)
    committed = Amount(required=True)
    possible = Amount(required=True)
    estimated = Amount(required=True, allow_none=True)
    limit = Amount(required=True, allow_none=True)
    unpriced = fields.Integer(required=True)
    out_of_reach = fields.Integer(
        required=True, metadata={"description": "left out: marketing to numbers of the United States"}
    )
    by_country = fields.List(fields.Nested(CountryCost), required=True)
    reason = fields.String(required=True, allow_none=True)


class Report(Shape):
    campaign = fields.Nested(Campaign, required=True)
    counts = fields.Nested(Counts, required=True)
    rates = fields.Nested(Rates, required=True)
    errors = fields.List(fields.Nested(ErrorCount), required=True)
    timeline = fields.List(fields.Nested(TimelinePoint), required=True)
    replies = fields.Nested(Replies, required=True)
    pace = fields.Nested(PaceShown, required=True)
    cost = fields.Nested(Cost, required=True)
    waiting = fields.Nested(Waiting, required=True, allow_none=True)
