"""Events as they are shown."""

from __future__ import annotations

from marshmallow import fields

from outbound_campaigns.web.api.schemas.fields import Moment, Shape


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
