"""What came of an attempt is written down once, however often its batch is recorded."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from outbound_campaigns.campaigns import actions, campaign_rows, in_doubt, opt_outs
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.campaigns.in_doubt import DoubtVerdict
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import Breaker, Campaign, OptOutSource, Pace, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.domain.phone_numbers import PhoneNumber
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.sending.abandoned import abandon_others
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.pace import account_key
from outbound_campaigns.sending.record import Recorded, record
from outbound_campaigns.sending.recorder import RESULTS_AT_ONCE, Recorder
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Slice
from tests.support.outcomes import ACCEPTED
from tests.support.receipt_bodies import failed
from tests.support.recipients import add_recipients
from tests.support.senders import OneSender
from tests.support.sent import MakeSent

SENDER = OneSender().sender("bot", None)


@pytest.fixture
def claimed(database: Database) -> Slice:
    """Five claimed rows of a running campaign."""
    with database.write() as session:
        now = database.now(session)
        campaign = campaign_rows.create(session, NewCampaign("bot", "test", "promo"), now)
        add_recipients(session, campaign.id, 5, now)
        actions.start(session, campaign.id, ResolvedTemplate("promo", "es_MX"), Act("ana", now))
    claimed = claim_slice(database, campaign.id, SENDER, Claimant("worker", 10, lambda: 0.0))
    assert isinstance(claimed, Slice)
    return claimed


def results(claimed: Slice, *outcomes: Outcome) -> list[Result]:
    """The first rows' outcomes; each request began at its slot, if it began."""
    return [
        Result(
            campaign_id=claimed.campaign.id,
            sender=SENDER,
            recipient_id=departure.recipient_id,
            number=departure.number,
            slot=departure.slot,
            outcome=outcome,
            left_at=None if outcome.kind is OutcomeKind.NOT_BEGUN or not outcome.asked else departure.slot,
            answered_at=departure.slot,
        )
        for departure, outcome in zip(claimed.departures, outcomes, strict=False)
    ]


def read(database: Database, claimed: Slice) -> Campaign:
    with database.read() as session:
        return campaign_rows.get(session, claimed.campaign.id)


def accepted(number: int) -> Outcome:
    return Outcome(OutcomeKind.ACCEPTED, message_uuid=f"uuid-{number}")


def test_a_batch_that_is_recorded_again_changes_nothing(database: Database, claimed: Slice) -> None:
    refused = Outcome(OutcomeKind.CAMPAIGN_TROUBLE, "http_400")
    batch = results(claimed, accepted(1), refused, refused, refused)
    record(database, batch)
    before = read(database, claimed)
    record(database, batch)
    after = read(database, claimed)
    assert (after.counts, after.alike_count, after.window) == (before.counts, 3, before.window)
    with database.read() as session:
        pace = session.get_one(Pace, account_key(SENDER.account))
    assert pace.accepted == 1


def test_a_late_answer_to_what_was_given_up_counts_and_is_one_attempt(
    database: Database, claimed: Slice
) -> None:
    abandon_others(database, "another")
    record(database, results(claimed, accepted(1), Outcome(OutcomeKind.THROTTLED, "http_429")))
    with database.read() as session:
        first, second = (
            session.get_one(Recipient, departure.recipient_id) for departure in claimed.departures[:2]
        )
    assert (first.status, first.attempts, first.message_uuid) == ("sent", 1, "uuid-1")
    assert (second.status, second.attempts) == ("pending", 0)


def test_a_late_acceptance_after_the_verdict_not_sent_counts(make_sent: MakeSent) -> None:
    sent = make_sent(2)
    claimed = claim_slice(sent.database, sent.campaign_id, SENDER, Claimant("worker", 1, lambda: 0.0))
    assert isinstance(claimed, Slice)
    abandon_others(sent.database, "another")
    with sent.database.write() as session:
        act = Act("ana", sent.database.now(session))
        in_doubt.resolve(session, sent.campaign_id, sent.row().id, DoubtVerdict.NOT_SENT, act)
    record(sent.database, results(claimed, accepted(1)))
    assert (sent.row().status, sent.row().last_attempt) == ("sent", 1)


def test_a_late_acceptance_of_who_was_skipped_counts_for_the_canary(make_sent: MakeSent) -> None:
    sent = make_sent(4, canary_size=2)
    claimed = claim_slice(sent.database, sent.campaign_id, SENDER, Claimant("worker", 1, lambda: 0.0))
    assert isinstance(claimed, Slice)
    abandon_others(sent.database, "another")
    with sent.database.write() as session:
        now = sent.database.now(session)
        in_doubt.resolve(session, sent.campaign_id, sent.row().id, DoubtVerdict.NOT_SENT, Act("ana", now))
        person = PhoneNumber(sent.row().phone_number, sent.row().phone_key)
        opt_outs.add(session, "demo-bot", [person], Reason(OptOutSource.API), now)
    assert (sent.row().status, sent.campaign().canary_members) == ("skipped", [])
    record(sent.database, results(claimed, accepted(1)))
    assert (sent.row().status, sent.campaign().canary_members) == ("sent", [sent.row().id])


def test_an_acceptance_that_comes_after_its_message_was_returned_is_old(make_sent: MakeSent) -> None:
    sent = make_sent(2)
    claimed = claim_slice(sent.database, sent.campaign_id, SENDER, Claimant("worker", 1, lambda: 0.0))
    assert isinstance(claimed, Slice)
    sent.receive(failed("1000", sent.ref()))
    record(sent.database, results(claimed, accepted(1)))
    assert sent.row().status == "pending"


def test_what_never_asked_vonage_says_nothing_about_vonage(database: Database, claimed: Slice) -> None:
    lost = Outcome(OutcomeKind.IN_DOUBT, "timeout")
    missing = Outcome(OutcomeKind.RECIPIENT_REFUSED, "missing_column", asked=False)
    record(database, results(claimed, lost, lost, missing, lost, Outcome(OutcomeKind.NOT_BEGUN)))
    with database.read() as session:
        breaker = session.get_one(Breaker, str(SENDER.access))
    assert (breaker.failures, breaker.is_open) == (3, False)


def test_five_bad_answers_in_a_row_open_the_breaker(database: Database, claimed: Slice) -> None:
    record(database, results(claimed, *[Outcome(OutcomeKind.IN_DOUBT, "http_503")] * 5))
    with database.read() as session:
        assert session.get_one(Breaker, str(SENDER.access)).is_open
    assert read(database, claimed).in_doubt_count == 5


def test_a_message_that_vonage_refuses_each_time_fails_and_holds_up_nobody(make_sent: MakeSent) -> None:
    refused = Outcome(OutcomeKind.CAMPAIGN_TROUBLE, "http_422", detail="Invalid params")
    sent = make_sent(3, ACCEPTED, refused, ACCEPTED, max_attempts=2)
    row = sent.row(1)
    assert (row.status, row.attempts, row.error_code, sent.campaign().status) == (
        *("pending", 1, "http_422"),
        "running",
    )
    sent.make_due()
    sent.end_with(refused)
    row = sent.row(1)
    assert (row.status, row.attempts, row.error_code, row.failed_at is None) == (
        "failed",
        2,
        "http_422",
        False,
    )
    assert (sent.campaign().status, sent.campaign().counts["sent"]) == ("completed", 2)


def test_one_recipient_tried_again_and_again_never_pauses_the_campaign(make_sent: MakeSent) -> None:
    refused = Outcome(OutcomeKind.CAMPAIGN_TROUBLE, "http_422")
    sent = make_sent(1, refused, max_attempts=10)
    for _ in range(8):
        sent.make_due()
        sent.end_with(refused)
    assert (sent.row().attempts, sent.campaign().status) == (9, "running")


def test_five_alike_answers_in_a_row_pause_the_campaign(database: Database, claimed: Slice) -> None:
    refused = Outcome(OutcomeKind.CAMPAIGN_TROUBLE, "http_422", detail="Invalid params")
    recorded = record(database, results(claimed, *[refused] * 5))
    campaign = read(database, claimed)
    assert recorded.paused
    assert campaign.status == "paused"
    assert campaign.status_reason == {
        "code": "campaign_trouble",
        "answer": "http_422",
        "detail": "Invalid params",
    }
    assert campaign.pending_count == 5


class Slow:
    """Records when it is let go, one batch after the other."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.may_go = asyncio.Event()

    async def __call__(self, batch: Sequence[Result]) -> Recorded:
        await self.may_go.wait()
        self.batches.append(len(batch))
        return Recorded(1, SENDER.access, 1.0, paused=False, is_marked=True)


@asynccontextmanager
async def recording(slow: Slow) -> AsyncIterator[Recorder]:
    recorder = Recorder(slow, asyncio.sleep, lambda _: None)
    task = asyncio.create_task(recorder.run())
    yield recorder
    task.cancel()


def numbered(count: int) -> Sequence[Result]:
    one = Result(1, SENDER, 1, 1, 0.0, accepted(1), 0.0, 0.0)
    return [one._replace(recipient_id=number) for number in range(count)]


def test_who_claims_waits_for_what_had_come_before_the_last_claim_alone() -> None:
    async def run() -> None:
        slow = Slow()
        async with recording(slow) as recorder:
            for result in numbered(3):
                recorder.put(result)
            put_before = recorder.put_so_far()
            await recorder.settle({})
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(recorder.settle(put_before), 0.2)
            slow.may_go.set()
            await recorder.settle(put_before)
            slow.may_go.clear()
            recorder.put(numbered(1)[0])
            await recorder.settle(put_before)
            assert slow.batches == [3]

    asyncio.run(run())


def test_a_full_batch_is_recorded_at_once() -> None:
    async def run() -> None:
        slow = Slow()
        slow.may_go.set()
        async with recording(slow) as recorder:
            for result in numbered(RESULTS_AT_ONCE):
                recorder.put(result)
            for _ in range(10):  # turns of the event loop, which take no time to speak of
                await asyncio.sleep(0)
            assert slow.batches == [RESULTS_AT_ONCE]

    asyncio.run(run())
