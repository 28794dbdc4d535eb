"""Shapes of passes through Vonage's own records, in requests and answers."""

from __future__ import annotations

from marshmallow import fields

from outbound_campaigns.database.models import ReconciliationStatus
from outbound_campaigns.web.api.schemas.fields import Choice, Moment, Shape
from outbound_campaigns.web.api.schemas.status import Said

_CHARGED = {"description": "records that Vonage gave, and charges for"}
_PRICE = {"description": "records x the bot's reportRecordPrice"}


class ReconcileIn(Shape):
    """About whom Vonage is asked: those in doubt, and if wanted those sent long ago without a receipt."""

    without_receipt = fields.Boolean(load_default=False, truthy={True}, falsy={False})


class Reconciliation(Shape):
    """One pass: asked = found + not_found + too_early, of `rows` in all."""

    id = fields.Integer(required=True)
    status = Choice([*ReconciliationStatus], required=True)
    error = fields.Nested(Said, required=True, allow_none=True)
    without_receipt = fields.Boolean(required=True)
    requested_at = Moment()
    requested_by = fields.String(required=True)
    next_question_at = Moment(allow_none=True)
    finished_at = Moment(allow_none=True)
    rows = fields.Integer(required=True)
    asked = fields.Integer(required=True)
    found = fields.Integer(required=True)
    not_found = fields.Integer(required=True)
    too_early = fields.Integer(required=True)
    questions = fields.Integer(required=True)
    records = fields.Integer(required=True, metadata=_CHARGED)
    price = fields.Float(required=True, allow_none=True, metadata=_PRICE)


class ReconciliationPage(Shape):
    reconciliations = fields.List(fields.Nested(Reconciliation), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
