"""Why nothing leaves of a campaign that should be sending."""

from __future__ import annotations

from marshmallow import fields

from outbound_campaigns.domain.stall_causes import Kind
from outbound_campaigns.web.api.schemas.fields import Choice, Moment, Shape


class Waiting(Shape):
    """Nothing has left since `since`; `until`: when it goes on, where that is known."""

    code = fields.String(required=True)
    kind = Choice(list(Kind), required=True)
    message = fields.String(required=True)
    since = Moment()
    until = Moment(allow_none=True)


class WaitingCampaign(Waiting):
    campaign_id = fields.Integer(required=True)
    name = fields.String(required=True)
