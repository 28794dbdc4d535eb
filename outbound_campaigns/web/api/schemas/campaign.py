"""Shapes of campaigns and their events, in requests and answers."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, fields, post_load

from bot_config.prices import CATEGORIES
from outbound_campaigns.campaigns.allowed_actions import Action
from outbound_campaigns.campaigns.canary import CanaryState
from outbound_campaigns.domain.lifecycle import CampaignStatus, OnSpendLimit, RecipientStatus
from outbound_campaigns.web.api.schemas.fields import (
    Amount,
    AmountGiven,
    Choice,
    Moment,
    Number,
    Pattern,
    Shape,
    Text,
    Whole,
    Zone,
)
from outbound_campaigns.web.api.schemas.filling import (
    COMPONENT_LIST,
    VALUES,
    VARIABLES,
    Components,
    Values,
    Variables,
)

TIME = {
    "minLength": 1,
    "maxLength": 40,
    "description": "ISO 8601; without an offset it is a time of the campaign's timezone",
    "format": "date-time",
    "example": "2026-12-24T09:30:00",
}


class Settings(Shape):
    """What an operator sets; each may be left out."""

    template_language = Pattern("[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,3}", "es_MX")
    template_category = Choice(CATEGORIES)
    template_components = Components(allow_none=True, metadata=COMPONENT_LIST)
    variables = Variables(allow_none=True, metadata=VARIABLES)
    values = Values(allow_none=True, metadata=VALUES)
    sender_number = Pattern(r"\+?[0-9]{7,15}", "5215550001111", allow_none=True)
    batch_size = Whole(1, 10_000)
    batch_interval_ms = Whole(100, 86_400_000)
    max_attempts = Whole(1, 10)
    spend_limit = AmountGiven(0, 1e9, allow_none=True)
    on_spend_limit = Choice([*OnSpendLimit])
    failure_share_limit = Number(0.001, 1, allow_none=True)
    failure_minimum = Whole(1, 1000)
    canary_size = Whole(1, 1000, allow_none=True)
    canary_wait_minutes = Whole(1, 1440)
    scheduled_at = Text(40, allow_none=True, metadata=TIME)
    timezone = Zone()

    @post_load
    def digits_alone(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if data.get("sender_number"):
            data["sender_number"] = data["sender_number"].lstrip("+")
        return data


class CampaignIn(Settings):
    """A new campaign; all but its name and its template have a default."""

    name = Text(200, required=True)
    template_id = Text(600, required=True)


class Reason(Shape):
    """Why a campaign is in its status."""

    code = fields.String(required=True)
    reason = fields.String(required=True)


class Canary(Shape):
    """What became of a campaign's first messages, whose receipts decide whether the others follow."""

    size = fields.Integer(required=True)
    state = Choice([*CanaryState], required=True)
    delivered = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    unanswered = fields.Integer(required=True)
    until = Moment(allow_none=True)


def _count(**more: Any) -> fields.Integer:
    return fields.Integer(required=True, **more)


Counts = Shape.from_dict({name: _count() for name in (*map(str, RecipientStatus), "total")}, name="Counts")


class Judging(Shape):
    """How many recipients have been judged anew, after a change of the template or of what fills it."""

    done = fields.Integer(required=True)
    total = fields.Integer(required=True)


class Campaign(Shape):
    """A campaign as it is now."""

    id = fields.Integer(required=True)
    bot_id = fields.String(required=True)
    name = fields.String(required=True)
    template_id = fields.String(required=True)
    template_language = fields.String(required=True)
    template_category = Choice(CATEGORIES, required=True)
    template_components = fields.Raw(required=True, allow_none=True, metadata=COMPONENT_LIST)
    variables = fields.Raw(required=True, allow_none=True, metadata=VARIABLES)
    values = fields.Raw(required=True, allow_none=True, metadata=VALUES)
    checked = fields.Boolean(
        required=True, metadata={"description": "whether the start checked it against the account's list"}
    )
    judging = fields.Nested(Judging, required=True, allow_none=True)
    sender_number = fields.String(required=True, allow_none=True)
    status = Choice([*CampaignStatus], required=True)
    status_reason = fields.Nested(Reason, required=True, allow_none=True)
    batch_size = fields.Integer(required=True)
    batch_interval_ms = fields.Integer(required=True)
    max_attempts = fields.Integer(required=True)
    spend_limit = Amount(required=True, allow_none=True)
    on_spend_limit = Choice([*OnSpendLimit], required=True)
    failure_share_limit = fields.Float(required=True, allow_none=True)
    failure_minimum = fields.Integer(required=True)
    canary_size = fields.Integer(required=True, allow_none=True)
    canary_wait_minutes = fields.Integer(required=True)
    canary = fields.Nested(Canary, required=True, allow_none=True)
    scheduled_at = Moment(allow_none=True)
    timezone = fields.String(required=True)
    created_at = Moment()
    created_by = fields.String(required=True, allow_none=True)
    updated_at = Moment()
    started_at = Moment(allow_none=True)
    finished_at = Moment(allow_none=True)
    next_batch_at = Moment(allow_none=True)
    eta = Moment(allow_none=True)
    counts = fields.Nested(Counts, required=True)
    actions = fields.List(
        Choice([*Action]),
        required=True,
        metadata={"description": "what its state allows, in the order to offer it"},
    )


READ_ONLY = sorted(set(Campaign().fields) - set(CampaignIn().fields))


def _ignored() -> fields.Raw:
    return fields.Raw(load_only=True, allow_none=True, metadata={"description": "read-only; ignored"})


class _Editable(Settings):
    name = Text(200)
    template_id = Text(600)

    @post_load
    def changes_only(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in data.items() if name not in READ_ONLY}


CampaignChange = _Editable.from_dict({name: _ignored() for name in READ_ONLY}, name="CampaignChange")


class CampaignPage(Shape):
    campaigns = fields.List(fields.Nested(Campaign), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Query(Shape):
    """Parameters of a URL; further ones are ignored, as proxies and browsers add some."""

    class Meta:
        unknown = EXCLUDE


class PageQuery(Query):
    """How much of a list is wanted, and from where on."""

    limit = Whole(1, 500, from_text=True, load_default=50)
    cursor = Pattern("[0-9]{1,18}", "1042")


class CampaignQuery(PageQuery):
    status = Choice([*CampaignStatus])
    q = Text(200, metadata={"description": "part of the name"})


class ScheduleIn(Shape):
    """When to start; left out, the campaign's own scheduled_at and timezone hold."""

    scheduled_at = Text(40, metadata=TIME)
    timezone = Zone()


class DuplicateQuery(Query):
    recipients = Choice(["failed"])
    name = Text(200)


class Event(Shape):
    """Who did what to a campaign, when and why."""

    id = fields.Integer(required=True)
    at = Moment()
    who = fields.String(required=True)
    what = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    why = fields.String(required=True)
    details = fields.Dict(required=True)


class EventPage(Shape):
    events = fields.List(fields.Nested(Event), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
