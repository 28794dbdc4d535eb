"""Whom a receipt of trouble pauses: who sends with these credentials, for what left since the last resume."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot_config.vonage import VonageCredentials
from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.record import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Slice
from outbound_campaigns.vonage.senders import Sender
from tests.support.outcomes import ACCEPTED
from tests.support.receipt_bodies import failed, v1
from tests.support.recipients import add_recipients
from tests.support.sent import Sent

OF_ALL, OF_ONE = "1070", "1474"
"""codes of the account's: one that no single message can cause, and one that may be a country's"""

MakeRunning = Callable[[str], Sent]


@pytest.fixture
def make_running(database: Database) -> MakeRunning:
    """Makes running campaigns of a bot, to other people each."""

    def make(bot: str) -> Sent:
        with database.write() as session:
            now = database.now(session)
            campaign_id = campaign_rows.create(session, NewCampaign(bot, "c", "promo"), now).id
            add_recipients(session, campaign_id, 20, now, 1000 * campaign_id)
            actions.start(session, campaign_id, ResolvedTemplate("promo", "es_MX"), Act("ana", now))
        return Sent(database, campaign_id)

    return make


def sender(bot: str, account: str = "account", secret: str = "right") -> Sender:
    credentials = VonageCredentials(account, secret, None, None, None, sandbox=False)
    return Sender(bot, f"521555000{len(bot):04d}", credentials, 1000.0, "https://example.com/webhooks/status")


def send(campaign: Sent, by: Sender, messages: int, outcome: Outcome = ACCEPTED) -> None:
    claimed = claim_slice(campaign.database, campaign.campaign_id, by, Claimant("w", messages, lambda: 0.0))
    assert isinstance(claimed, Slice)
    times = [(one, one.slot) for one in claimed.departures]
    record(
        campaign.database,
        [
            Result(campaign.campaign_id, by, one.recipient_id, one.number, at, outcome, at, at)
            for one, at in times
        ],
    )


def test_a_bot_without_the_secret_pauses_nobody_else(make_running: MakeRunning) -> None:
    owner, other = make_running("owner"), make_running("other")
    send(owner, sender("owner"), 2)
    send(other, sender("other", secret="wrong"), 1)
    other.receive(failed(OF_ALL, other.ref()), bot="other")
    assert (owner.campaign().status, other.campaign().status) == ("running", "paused")


def test_what_an_account_sent_before_pauses_nobody_of_the_next(make_running: MakeRunning) -> None:
    owner, mover = make_running("owner"), make_running("mover")
    send(owner, sender("owner"), 2)
    send(mover, sender("mover", account="old account"), 1)
    send(mover, sender("mover"), 1)
    mover.receive(failed(OF_ALL, mover.ref()), bot="mover")
    assert (owner.campaign().status, mover.campaign().status) == ("running", "running")


def test_what_left_before_the_resume_does_not_pause_again(make_running: MakeRunning) -> None:
    mine, other = make_running("mine"), make_running("other")
    send(other, sender("other"), 2)
    send(mine, sender("mine"), 3)
    mine.receive(failed(OF_ALL, mine.ref(0)), bot="mine")
    assert (mine.campaign().status, other.campaign().status) == ("paused", "paused")
    for one in (mine, other):
        one.operate("resume")
    mine.receive(failed(OF_ALL, mine.ref(1)), failed(OF_ALL, mine.ref(2)), bot="mine")
    assert (mine.campaign().status, other.campaign().status) == ("running", "running")


def test_what_one_campaigns_people_get_while_others_arrive_pauses_that_campaign(
    make_running: MakeRunning,
) -> None:
    mine, other = make_running("mine"), make_running("other")
    send(mine, sender("mine"), 5)
    send(other, sender("other"), 5)
    for place in range(5):
        other.receive(v1("delivered", other.ref(place)), bot="other")
        mine.receive(failed(OF_ONE, mine.ref(place)), bot="mine")
    assert (mine.campaign().status, other.campaign().status) == ("paused", "running")
    assert (mine.campaign().status_reason or {})["code"] == "receipt_campaign_trouble"
