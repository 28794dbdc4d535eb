"""Shapes of the service's health, as one bot sees it."""

from __future__ import annotations

from marshmallow import fields

from outbound_campaigns.domain.stall_causes import StallKind
from outbound_campaigns.web.api.schemas.fields import Choice, Moment, Shape


class Said(Shape):
    """A code, and the sentence for it."""

    code = fields.String(required=True)
    message = fields.String(required=True)


class VonageStatus(Shape):
    configured = fields.Boolean(required=True)
    missing = fields.List(fields.Nested(Said), required=True)


class ReceiptsStatus(Shape):
    on = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True)
    refused_today = fields.Integer(required=True, metadata={"description": "unsigned or forged webhooks"})
    other_number_today = fields.Integer(
        required=True,
        metadata={"description": "put aside: about one of our messages, but with somebody else's number"},
    )


class InboundStatus(Shape):
    """What people write to the bot, where Vonage's inbound webhook is set to this service."""

    forwarding = fields.Boolean(required=True, metadata={"description": "whether Botpress gets it"})
    reason = fields.String(required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    lost = fields.Integer(required=True, metadata={"description": "what Botpress never took"})
    outage = fields.Nested(
        Said, required=True, allow_none=True, metadata={"description": "why Botpress takes none now"}
    )
    has_received = fields.Boolean(required=True, metadata={"description": "whether one has ever come in"})
    url = fields.String(required=True, metadata={"description": "to be set as the inbound URL at Vonage"})


class MissingLines(Shape):
    file = fields.String(required=True)
    text = fields.String(required=True)


class BotStatus(Shape):
    """`messages_per_second` is the ceiling of the bot's settings; null where they can't be read."""

    id = fields.String(required=True)
    sender_number = fields.String(required=True, allow_none=True)
    lists_templates = fields.Boolean(required=True, metadata={"description": "whether it has a wabaId"})
    messages_per_second = fields.Float(required=True, allow_none=True)
    vonage = fields.Nested(VonageStatus, required=True)
    lines = fields.List(
        fields.Nested(MissingLines),
        required=True,
        metadata={"description": "what to add to the bot's files, as JSON"},
    )
    receipts = fields.Nested(ReceiptsStatus, required=True)
    inbound = fields.Nested(InboundStatus, required=True)


class WorkerStatus(Shape):
    """One living worker of a cluster."""

    name = fields.String(required=True)
    version = fields.String(required=True)
    joined_at = Moment()
    renewed_at = Moment()
    leads = fields.Boolean(required=True, metadata={"description": "also imports, applies receipts, …"})
    campaigns = fields.List(
        fields.Integer(), required=True, metadata={"description": "this bot's, that it sends now"}
    )


class EngineStatus(Shape):
    kind = fields.String(required=True)
    running = fields.Boolean(required=True)
    last_batch_at = Moment(allow_none=True)
    workers = fields.List(fields.Nested(WorkerStatus), required=True)


class Waiting(Shape):
    """Nothing has left since `since`; `until`: when it goes on, where that is known."""

    code = fields.String(required=True)
    kind = Choice(list(StallKind), required=True)
    message = fields.String(required=True)
    since = Moment()
    until = Moment(allow_none=True)


class WaitingCampaign(Waiting):
    campaign_id = fields.Integer(required=True)
    name = fields.String(required=True)


class Status(Shape):
    """The module's health, as one bot sees it."""

    status = Choice(["ok", "degraded"], required=True)
    version = fields.String(required=True)
    can_write = fields.Boolean(required=True)
    bot = fields.Nested(BotStatus, required=True)
    engine = fields.Nested(EngineStatus, required=True)
    database = Choice(["ok"], required=True)
    problems = fields.List(fields.Nested(Said), required=True)
    waiting = fields.List(fields.Nested(WaitingCampaign), required=True)
