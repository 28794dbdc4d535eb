"""Asking Vonage's own records what became of messages of which no receipt tells."""

from outbound_campaigns.incoming.reconciliation.queue import (
    Step,
    TakenByAnother,
    fail,
    of_campaign,
    page,
    request,
    take,
)
from outbound_campaigns.incoming.reconciliation.running import run_step
from outbound_campaigns.incoming.reconciliation.terms import Terms, records_of, terms_of
from outbound_campaigns.vonage.records import VonageRecords

__all__ = [
    "Step",
    "TakenByAnother",
    "Terms",
    "VonageRecords",
    "fail",
    "of_campaign",
    "page",
    "records_of",
    "request",
    "run_step",
    "take",
    "terms_of",
]
