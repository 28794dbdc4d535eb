"""The tables: typed rows with their constraints and indexes, without queries and without a clock."""

from outbound_campaigns.database.models.campaign import (
    Campaign,
    CountryCount,
    ErrorCount,
    Event,
    TimelineMinute,
)
from outbound_campaigns.database.models.imports import Import, RefusedRow
from outbound_campaigns.database.models.inbound import ForwardState, InboundMessage, InboundState, ReplyKind
from outbound_campaigns.database.models.instance import Instance
from outbound_campaigns.database.models.media import Media, MediaLink
from outbound_campaigns.database.models.opt_out import OptOut, OptOutSource
from outbound_campaigns.database.models.receipt import Receipt, ReceiptSource, ReceiptState, RefusedWebhook
from outbound_campaigns.database.models.recipient import LAST_DIGITS, Attempt, Recipient
from outbound_campaigns.database.models.reconciliation import AskingFor, Reconciliation, ReconciliationStatus
from outbound_campaigns.database.models.test_send import TestSend
from outbound_campaigns.database.models.throttle import Breaker, DepartureMark, Lease, Pace
from outbound_campaigns.database.models.worker import Worker

__all__ = [
    "LAST_DIGITS",
    "AskingFor",
    "Attempt",
    "Breaker",
    "Campaign",
    "CountryCount",
    "DepartureMark",
    "ErrorCount",
    "Event",
    "ForwardState",
    "Import",
    "InboundMessage",
    "InboundState",
    "Instance",
    "Lease",
    "Media",
    "MediaLink",
    "OptOut",
    "OptOutSource",
    "Pace",
    "Receipt",
    "ReceiptSource",
    "ReceiptState",
    "Recipient",
    "Reconciliation",
    "ReconciliationStatus",
    "RefusedRow",
    "RefusedWebhook",
    "ReplyKind",
    "TestSend",
    "TimelineMinute",
    "Worker",
]
