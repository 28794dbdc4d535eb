"""A bot that names another's account without its secret disturbs nobody but itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot_config.vonage import VonageCredentials
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.record import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Slice
from outbound_campaigns.vonage.senders import Sender
from tests.support.campaigns import MakeCampaign, read

NUMBER = "5215550001111"


def sender(bot_id: str, secret: str, per_second: float) -> Sender:
    credentials = VonageCredentials("abcd1234", secret, None, None, None, sandbox=False)
    return Sender(bot_id, NUMBER, credentials, per_second)


OWNER, OTHER = sender("owner", "right", 50.0), sender("other", "wrong", 0.2)


def send(database: Database, campaign_id: int, by: Sender, outcome: Outcome, most: int = 1000) -> Slice:
    """Claim, and record the same answer for all; the slice."""
    claimed = claim_slice(database, campaign_id, by, Claimant("worker", most, lambda: 0.0))
    assert isinstance(claimed, Slice)
    at = claimed.now
    results = [
        Result(campaign_id, by, one.recipient_id, one.number, one.slot, outcome, at, at)
        for one in claimed.departures
    ]
    record(database, results)
    return claimed


ACCEPTED = Outcome(OutcomeKind.ACCEPTED, message_uuid="1")
IN_DOUBT = Outcome(OutcomeKind.IN_DOUBT, "http_500")
NOT_CONNECTED = Outcome(OutcomeKind.NOT_CONNECTED, "not_connected")


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


@pytest.mark.parametrize("outcome", [IN_DOUBT, NOT_CONNECTED], ids=["5xx", "no connection"])
def test_a_neighbour_s_bad_answers_hold_nobody_else_back(
    database: Database, make_campaign: MakeCampaign, outcome: Outcome
) -> None:
    owners, others = make_campaign(200, running=True), make_campaign(100, running=True)
    send(database, owners, OWNER, ACCEPTED, most=5)
    send(database, others, replace(OTHER, number="5215550002222", messages_per_second=50.0), outcome, most=5)
    assert isinstance(send(database, owners, OWNER, ACCEPTED, most=5), Slice)


def test_a_neighbour_s_throttle_answers_slow_nobody_else(
    database: Database, make_campaign: MakeCampaign
) -> None:
    owners, others = make_campaign(200, running=True), make_campaign(100, running=True)
    send(database, owners, OWNER, ACCEPTED, most=5)
    send(database, others, OTHER, Outcome(OutcomeKind.THROTTLED, "http_429"), most=5)
    assert send(database, owners, OWNER, ACCEPTED, most=5).per_second == pytest.approx(50.0)


def test_the_sandbox_slows_nobody_else(database: Database, make_campaign: MakeCampaign) -> None:
    owners, others = make_campaign(200, running=True), make_campaign(100, running=True)
    sandbox = replace(OWNER.credentials, sandbox=True)
    in_sandbox = replace(
        OWNER, bot_id="other", number="14157386102", credentials=sandbox, messages_per_second=1.0
    )
    send(database, owners, OWNER, ACCEPTED, most=5)
    send(database, others, in_sandbox, ACCEPTED, most=5)
    assert send(database, owners, OWNER, ACCEPTED, most=5).per_second == pytest.approx(50.0)
