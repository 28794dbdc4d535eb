"""Shapes of sending again to those that failed: by the cause of their failure."""

from __future__ import annotations

from collections.abc import Sequence

from marshmallow import fields

from outbound_campaigns.domain.codes.tables import CodeClass
from outbound_campaigns.web.api.schemas.campaign import Campaign
from outbound_campaigns.web.api.schemas.fields import Choice, Moment, Shape, Text
from outbound_campaigns.web.api.schemas.sentences import refused
from outbound_campaigns.web.api.texts import WRONG_FORM

MOST_CODES = 100


def _must_be_few(codes: Sequence[str]) -> None:
    if len(codes) > MOST_CODES:
        raise refused(WRONG_FORM, example=f'["131026", …] (0-{MOST_CODES})')


class RetryIn(Shape):
    """Whom to send to again; left out, all for whom it makes sense now."""

    codes = fields.List(
        Text(200),
        validate=_must_be_few,
        metadata={
            "description": "also those for whom it makes no sense",
            "maxItems": MOST_CODES,
            "example": ["131026"],
        },
    )
    classes = fields.List(Choice([*CodeClass]), validate=_must_be_few, metadata={"maxItems": MOST_CODES})


class FailureCause(Shape):
    """The recipients that failed with one code."""

    code = fields.String(required=True)
    code_class = Choice([*CodeClass], required=True)
    title = fields.String(required=True)
    reason = fields.String(required=True)
    advice = fields.String(required=True)
    count = fields.Integer(required=True)
    due = fields.Integer(required=True, metadata={"description": "another attempt makes sense now"})
    waiting = fields.Integer(required=True, metadata={"description": "it makes sense later"})
    due_from = Moment(allow_none=True)
    taken = fields.Integer(required=True, metadata={"description": "they are sent to again"})


class Retry(Shape):
    """Whom a retry takes and whom it leaves out: never, where neither due nor waiting."""

    taken = fields.Integer(required=True)
    left_out = fields.Integer(required=True)
    causes = fields.List(fields.Nested(FailureCause), required=True)


class RetriedCampaign(Campaign):
    """The campaign, and whom its retry took."""

    retry = fields.Nested(Retry, required=True)
