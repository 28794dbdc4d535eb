"""A bot that names another's account without its secret disturbs nobody but itself."""

from __future__ import annotations

import pytest

from bot_config.vonage import VonageCredentials
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.recorder import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Slice
from outbound_campaigns.vonage.senders import Sender
from tests.support.campaigns import MakeCampaign, read

NUMBER = "5215550001111"


def sender(bot_id: str, secret: str, per_second: float) -> Sender:
    credentials = VonageCredentials("abcd1234", secret, None, None, None, sandbox=False)
    return Sender(bot_id, NUMBER, credentials, per_second)


OWNER, OTHER = sender("owner", "right", 50.0), sender("other", "wrong", 0.2)


def send(database: Database, campaign_id: int, by: Sender, outcome: Outcome) -> Slice:
    """Claim, and record the same answer for all; the slice."""
    claimed = claim_slice(database, campaign_id, by, Claimant("worker", 1000, lambda: 0.0))
    assert isinstance(claimed, Slice)
    at = claimed.now
    results = [
        Result(campaign_id, by, one.recipient_id, one.number, one.slot, outcome, at, at)
        for one in claimed.departures
    ]
    record(database, results)
    return claimed


ACCEPTED = Outcome(OutcomeKind.ACCEPTED, message_uuid="1")


@pytest.mark.parametrize(("code", "owner_after"), [("http_401", "running"), ("http_402", "paused")])
def test_wrong_credentials_pause_who_uses_them_and_no_credit_pauses_all(
    database: Database, make_campaign: MakeCampaign, code: str, owner_after: str
) -> None:
    owners, others = make_campaign(100, running=True), make_campaign(100, running=True)
    send(database, owners, OWNER, ACCEPTED)
    send(database, others, OTHER, Outcome(OutcomeKind.ACCOUNT_TROUBLE, code))
    assert (read(database, owners).status, read(database, others).status) == (owner_after, "paused")


def test_a_slow_neighbour_that_vonage_refuses_slows_nobody(
    database: Database, make_campaign: MakeCampaign
) -> None:
    owners, others = make_campaign(200, running=True), make_campaign(100, running=True)
    send(database, others, OTHER, Outcome(OutcomeKind.ACCOUNT_TROUBLE, "http_401"))
    assert send(database, owners, OWNER, ACCEPTED).per_second == pytest.approx(50.0)
