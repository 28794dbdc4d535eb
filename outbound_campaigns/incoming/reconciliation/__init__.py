"""Asks Vonage's own records what became of messages that have no receipt."""

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
from outbound_campaigns.incoming.reconciliation.terms import ReconciliationTerms, records_of, terms_of

__all__ = [
    "ReconciliationTerms",
    "Step",
    "TakenByAnother",
    "fail",
    "of_campaign",
    "page",
    "records_of",
    "request",
    "run_step",
    "take",
    "terms_of",
]
