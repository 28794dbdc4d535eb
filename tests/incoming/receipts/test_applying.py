"""Each receipt moves its recipient as its rank says, once, whenever it comes; counts always add up."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, bulk_moves, campaign_rows, in_doubt, recounting
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.in_doubt import DoubtVerdict
from outbound_campaigns.database.models import Campaign, Receipt, Recipient, RefusedWebhook
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.codes.tables import CodeClass
from outbound_campaigns.incoming import receipts
from outbound_campaigns.incoming.receipts.applying import RECEIPT_GIVEN_UP
from outbound_campaigns.sending.abandoned import abandon_others
from outbound_campaigns.sending.claims import Claimant, claim_slice
from tests.support.campaigns import set_rows
from tests.support.outcomes import ACCEPTED, LOST, REFUSED
from tests.support.receipt_bodies import failed, v0_1, v1
from tests.support.senders import OneSender
from tests.support.sent import MakeSent, Sent


def assert_adds_up(sent: Sent) -> None:
    with sent.database.read() as session:
        assert recounting.recount(session) == []
    counted = Counter(row.status for row in sent.rows())
    assert {k: v for k, v in sent.campaign().counts.items() if v and k != "total"} == dict(counted)


@pytest.mark.parametrize(
    ("statuses", "end"),
    [
        (["submitted"], "sent"),
        (["submitted", "delivered"], "delivered"),
        (["read"], "read"),
        (["read", "delivered", "submitted"], "read"),
        (["delivered", "delivered", "read", "read"], "read"),
    ],
)
def test_a_message_that_left_ends_as_its_best_receipt_says(
    make_sent: MakeSent, statuses: list[str], end: str
) -> None:
    sent = make_sent(2, ACCEPTED)
    sent.receive(*[v1(status, sent.ref()) for status in statuses])
    assert [row.status for row in sent.rows()] == [end, "sent"]
    assert_adds_up(sent)


def test_times_are_those_that_vonage_tells_the_earliest_of_each(make_sent: MakeSent) -> None:
    sent = make_sent(1, ACCEPTED)
    for minute in (5, 3, 4):
        sent.receive(v1("delivered", sent.ref(), timestamp=f"2026-11-25T00:0{minute}:00Z"))
    sent.receive(v1("read", sent.ref(), timestamp="2026-11-25T00:09:00Z"))
    row = sent.row()
    assert row.delivered_at is not None
    assert row.read_at is not None
    assert (row.delivered_at.minute, row.read_at.minute) == (3, 9)


@pytest.mark.parametrize("status", ["submitted", "delivered", "read"])
def test_a_receipt_settles_a_row_in_doubt(make_sent: MakeSent, status: str) -> None:
    sent = make_sent(1, LOST)
    assert sent.row().status == "in_doubt"
    sent.receive(v1(status, sent.ref(), message_uuid="uuid-9"))
    row = sent.row()
    assert row.status == {"submitted": "sent"}.get(status, status)
    assert (row.message_uuid, row.error_code) == ("uuid-9", None)
    assert_adds_up(sent)


def denied(make_sent: MakeSent) -> Sent:
    """A message in doubt of which an operator said that it was not sent."""
    sent = make_sent(2, LOST)
    with sent.database.write() as session:
        act = Act("ana", sent.database.now(session))
        in_doubt.resolve(session, sent.campaign_id, sent.row().id, DoubtVerdict.NOT_SENT, act)
    assert sent.row().status == "pending"
    return sent


def test_a_submission_after_the_verdict_not_sent_keeps_the_message_from_being_sent_again(
    make_sent: MakeSent,
) -> None:
    sent = denied(make_sent)
    sent.receive(v1("submitted", sent.ref()))
    assert (sent.row().status, sent.row().last_attempt) == ("sent", 1)
    assert_adds_up(sent)


def test_a_failure_reported_after_the_verdict_not_sent_is_the_end(make_sent: MakeSent) -> None:
    sent = denied(make_sent)
    sent.receive(failed("1300", sent.ref()))
    assert (sent.row().status, sent.row().error_code) == ("failed", "1300")
    assert_adds_up(sent)


@pytest.mark.parametrize("status", ["skipped", "cancelled"])
def test_a_submission_counts_for_who_was_left_out_meanwhile(make_sent: MakeSent, status: str) -> None:
    sent = denied(make_sent)
    set_rows(sent.database, sent.campaign_id, status, 1)
    sent.receive(v1("submitted", sent.ref()))
    assert sent.row().status == "sent"


def test_a_submission_says_nothing_new_of_a_message_that_was_returned_or_failed(make_sent: MakeSent) -> None:
    returned, retried = make_sent(1, ACCEPTED), make_sent(1, ACCEPTED)
    returned.receive(failed("1000", returned.ref()))
    retried.receive(failed("1300", retried.ref()))
    retried.operate("retry_failed")
    with retried.database.write() as session:
        bulk_moves.retry_some(session, retried.campaign_id, retried.database.now(session), 10)
    for sent in (returned, retried):
        assert sent.row().status == "pending"
        sent.receive(v1("submitted", sent.ref()), failed("1300", sent.ref()))
        assert sent.row().status == "pending"
        sent.make_due()
        sent.end_with(ACCEPTED)
        assert (sent.row().status, sent.row().last_attempt) == ("sent", 2)
        assert_adds_up(sent)


def test_a_receipt_before_our_own_answer_counts_and_the_answer_changes_nothing(
    make_sent: MakeSent,
) -> None:
    sent = make_sent(2)
    sender = OneSender().sender("demo-bot", None)
    claim_slice(sent.database, sent.campaign_id, sender, Claimant("worker", 10, lambda: 0.0))
    sent.receive(v1("delivered", sent.ref()), failed("1330", sent.ref(1)))
    assert [row.status for row in sent.rows()] == ["delivered", "failed"]
    assert [row.attempts for row in sent.rows()] == [1, 1]
    abandon_others(sent.database, "another")
    assert [row.status for row in sent.rows()] == ["delivered", "failed"]
    assert_adds_up(sent)


@pytest.mark.parametrize("status", ["rejected", "undeliverable"])
def test_a_failure_for_good_fails_the_row_with_its_code(make_sent: MakeSent, status: str) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(failed(1300, sent.ref(), status))
    row = sent.row()
    assert (row.status, row.error_code, row.error_detail) == ("failed", "1300", "said so")
    assert row.failed_at is not None
    assert_adds_up(sent)


def test_a_later_failure_never_takes_an_arrival_back(make_sent: MakeSent) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(v1("delivered", sent.ref()), failed("1330", sent.ref()))
    assert (sent.row().status, sent.row().error_code) == ("delivered", None)


def test_an_arrival_after_a_failure_counts(make_sent: MakeSent) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(failed("1330", sent.ref()), v1("delivered", sent.ref()))
    row = sent.row()
    assert (row.status, row.error_code, row.failed_at) == ("delivered", None, None)
    assert_adds_up(sent)


def test_a_passing_failure_brings_the_row_back_after_its_wait_and_reopens_the_campaign(
    make_sent: MakeSent,
) -> None:
    sent = make_sent(1, ACCEPTED)
    assert sent.campaign().status == "completed"
    sent.receive(failed("1000", sent.ref()))
    row = sent.row()
    assert (row.status, row.error_code, sent.campaign().status) == ("pending", "1000", "running")
    assert row.next_attempt_at - row.updated_at == timedelta(seconds=60)
    assert_adds_up(sent)


def test_a_passing_failure_of_the_last_attempt_fails_the_row(make_sent: MakeSent) -> None:
    sent = make_sent(1, ACCEPTED, max_attempts=1)
    sent.receive(failed("1000", sent.ref()))
    assert (sent.row().status, sent.row().error_code) == ("failed", "1000")


def test_what_comes_back_to_a_cancelled_campaign_or_after_a_day_stays_failed(make_sent: MakeSent) -> None:
    old, cancelled = make_sent(1, ACCEPTED), make_sent(1, ACCEPTED, ACCEPTED)
    with old.database.write() as session:
        now = old.database.now(session)
        campaign_rows.update(session, old.campaign_id, finished_at=now - timedelta(hours=25))
        campaign_rows.update(session, cancelled.campaign_id, status="running")
        actions.cancel(session, cancelled.campaign_id, Act("ana", now))
    for sent in (old, cancelled):
        sent.receive(failed("1000", sent.ref()))
        assert sent.row().status == "failed"
    assert (old.campaign().status, cancelled.campaign().status) == ("completed", "cancelled")


def test_a_receipt_of_an_attempt_that_another_has_followed_only_counts_as_an_arrival(
    make_sent: MakeSent,
) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(failed("1000", sent.ref()))
    sent.make_due()
    sent.end_with(ACCEPTED)
    sent.receive(failed("1330", sent.ref(attempt=1)), v1("submitted", sent.ref(attempt=1)))
    assert sent.row().status == "sent"
    sent.receive(v1("delivered", sent.ref(attempt=1)))
    assert sent.row().status == "delivered"
    assert_adds_up(sent)


OF_ONE_MESSAGE = ["1474", "1120", "1040", "131053", "1380", "132012", "1022", "130497"]
"""of the campaign's or the account's codes, some that one number, country, variable or file may cause"""


def of_a_running_campaign(make_sent: MakeSent, left: int) -> Sent:
    """A campaign of which so many messages have left, and more are to come."""
    sent = make_sent(left + 3)
    sender = OneSender().sender("demo-bot", None)
    claim_slice(sent.database, sent.campaign_id, sender, Claimant("worker", left, lambda: 0.0))
    return sent


@pytest.mark.parametrize("code", OF_ONE_MESSAGE)
def test_a_failure_that_one_message_may_have_caused_fails_it_and_stops_nobody(
    make_sent: MakeSent, code: str
) -> None:
    other, sent = of_a_running_campaign(make_sent, 1), of_a_running_campaign(make_sent, 10)
    for place in range(0, 8, 2):
        sent.receive(failed(code, sent.ref(place)), v1("delivered", sent.ref(place + 1)))
    assert [row.status for row in sent.rows()[:8]] == ["failed", "delivered"] * 4
    sent.receive(*[failed(code, sent.ref(place)) for place in (0, 2, 4, 6)] * 3)
    assert (sent.campaign().status, other.campaign().status) == ("running", "running")


@pytest.mark.parametrize("code", OF_ONE_MESSAGE)
def test_what_several_recipients_get_without_a_success_between_pauses(make_sent: MakeSent, code: str) -> None:
    other, sent = of_a_running_campaign(make_sent, 1), of_a_running_campaign(make_sent, 8)
    sent.receive(v1("delivered", sent.ref(0)), failed("1300", sent.ref(1)))
    sent.receive(*[failed(code, sent.ref(place)) for place in (2, 3, 4, 5)])
    assert sent.campaign().status == "running"
    sent.receive(failed(code, sent.ref(6)))
    whose = "account" if explain(code).code_class is CodeClass.ACCOUNT else "campaign"
    reason = {"code": f"receipt_{whose}_trouble", "answer": code, "detail": "said so"}
    assert (sent.campaign().status, sent.campaign().status_reason) == ("paused", reason)
    with other.database.read() as session:
        same_account = session.get_one(Campaign, other.campaign_id).account == sent.campaign().account
    assert same_account
    assert other.campaign().status == ("paused" if whose == "account" else "running")


@pytest.mark.parametrize(
    "code",
    ["131000", "131016", "131057", "133004", "1030", "1100", "1180", "1220", "1230", "1331", "not_connected"],
)
def test_what_does_not_prove_that_nothing_arrived_is_not_sent_again_by_itself(
    make_sent: MakeSent, code: str
) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(failed(code, sent.ref()))
    assert (sent.row().status, sent.row().error_code, sent.campaign().status) == ("failed", code, "completed")


@pytest.mark.parametrize("code", ["1000", "130429", "131056", "4", "80007"])
def test_what_was_held_back_is_sent_again_by_itself(make_sent: MakeSent, code: str) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(failed(code, sent.ref()))
    assert (sent.row().status, sent.campaign().status) == ("pending", "running")


def test_a_failure_of_the_campaigns_kind_pauses_it_with_the_evidence(make_sent: MakeSent) -> None:
    sent = of_a_running_campaign(make_sent, 1)
    sent.receive(failed(132015, sent.ref(), "rejected"))
    campaign = sent.campaign()
    assert campaign.status == "paused"
    assert campaign.status_reason == {
        "code": "receipt_campaign_trouble",
        "answer": "132015",
        "detail": "said so",
    }
    assert sent.row().status == "failed"


def test_a_failure_of_the_accounts_kind_pauses_every_campaign_of_the_account(make_sent: MakeSent) -> None:
    first, second = make_sent(1, ACCEPTED), make_sent(3)
    sender = OneSender().sender("demo-bot", None)
    claim_slice(second.database, second.campaign_id, sender, Claimant("worker", 1, lambda: 0.0))
    first.receive(failed("1070", first.ref()))
    assert second.campaign().status == "paused"
    assert (second.campaign().status_reason or {})["code"] == "receipt_account_trouble"


def test_a_receipt_without_our_mark_is_found_by_vonages_id_and_the_number(
    make_sent: MakeSent, database: Database
) -> None:
    sent = make_sent(1, ACCEPTED)
    with database.write() as session:
        session.execute(sa.update(Recipient).values(phone_key="524422591631"))
    sent.receive(v0_1("rejected", ACCEPTED.message_uuid or ""))
    assert (sent.row().status, sent.row().error_code) == ("failed", "1022")


@pytest.mark.parametrize("bot", ["other-bot", "demo-bot"])
def test_a_receipt_of_no_message_of_the_bot_waits_and_is_then_left_aside(
    make_sent: MakeSent, bot: str
) -> None:
    sent = make_sent(1, ACCEPTED)
    ref = sent.ref() if bot == "other-bot" else "zzzzzzzz-1-1"
    sent.receive(v1("read", ref), bot=bot)
    assert sent.row().status == "sent"
    (waiting,) = sent.kept()
    assert (waiting.state, waiting.raw is not None) == ("waiting", True)
    long_ago = waiting.received_at - RECEIPT_GIVEN_UP - timedelta(minutes=1)
    with sent.database.write() as session:
        session.execute(sa.update(Receipt).values(received_at=long_ago, try_at=long_ago))
    receipts.apply_some(sent.database)
    (left,) = sent.kept()
    assert (left.state, left.status, left.raw is not None) == ("unknown", "read", True)


@pytest.mark.parametrize("to", ["524420000000", "5214420000000", "+52 1 442 000 0000", "52442000****", None])
def test_a_receipt_is_its_recipients_in_every_variant_of_the_number(
    make_sent: MakeSent, to: str | None
) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(v1("delivered", sent.ref(), to=to))
    assert sent.row().status == "delivered"


@pytest.mark.parametrize("status", ["submitted", "delivered", "read", "rejected", "undeliverable"])
def test_a_receipt_with_somebody_elses_number_is_kept_and_counted_and_moves_nobody(
    make_sent: MakeSent, status: str
) -> None:
    sent = make_sent(1, ACCEPTED)
    before = sent.row()
    sent.receive(failed("1300", sent.ref(), status, to="5214422591631"))
    after = sent.row()
    assert (after.status, after.updated_at) == ("sent", before.updated_at)
    (kept,) = sent.kept()
    assert (kept.state, kept.status, kept.recipient_id, kept.raw is not None) == (
        "unknown",
        status,
        None,
        True,
    )
    with sent.database.read() as session:
        counted = session.execute(sa.select(RefusedWebhook.reason, RefusedWebhook.count)).all()
    assert counted == [("other_number", 1)]
    assert_adds_up(sent)


def test_a_receipt_that_comes_before_its_message_is_known_is_applied_later(
    make_sent: MakeSent, database: Database
) -> None:
    sent = make_sent(1)
    with database.write() as session:
        session.execute(sa.update(Recipient).values(phone_key="524422591631"))
    sent.receive(v0_1("delivered", ACCEPTED.message_uuid or ""))
    sent.end_with(ACCEPTED)
    with database.write() as session:
        session.execute(sa.update(Receipt).values(try_at=database.now(session)))
    receipts.apply_some(database)
    assert sent.row().status == "delivered"


def test_what_can_not_be_read_is_left_aside_and_holds_up_nobody(make_sent: MakeSent) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive("{", v1("seen", sent.ref()), v1("read", sent.ref()))
    assert [receipt.state for receipt in sent.kept()] == ["unreadable", "unreadable", "applied"]
    assert sent.row().status == "read"


def test_an_applied_receipt_keeps_what_it_told_and_not_its_body(make_sent: MakeSent) -> None:
    sent = make_sent(1, ACCEPTED)
    sent.receive(failed("1300", sent.ref()))
    (kept,) = sent.kept()
    assert (kept.state, kept.raw, kept.status, kept.code) == ("applied", None, "undeliverable", "1300")
    assert (kept.recipient_id, kept.attempt) == (sent.row().id, 1)


STORIES: tuple[list[str], ...] = (
    ["submitted", "delivered", "read"],
    ["submitted", "delivered"],
    ["submitted"],
    ["submitted", "undeliverable"],
    ["rejected"],
    ["submitted", "delivered", "undeliverable"],
    [],
)
ENDS = ("read", "delivered", "sent", "failed", "failed", "delivered", "sent")


@pytest.mark.parametrize("seed", range(3))
def test_any_order_and_doubling_of_a_thousand_messages_receipts_ends_alike(
    make_sent: MakeSent, seed: int
) -> None:
    chance = Random(seed)
    sent = make_sent(1000, ACCEPTED, batch_size=1000)
    while sent.campaign().status == "running":
        sent.end_with(ACCEPTED)
    campaign, rows = sent.campaign(), sent.rows()
    bodies, expected = [], []
    for row in rows:
        story = chance.randrange(len(STORIES))
        expected.append(ENDS[story])
        for status in STORIES[story]:
            ref = f"{campaign.ref}-{row.id}-1"
            bad = status in ("undeliverable", "rejected")
            bodies += [failed("1330", ref, status) if bad else v1(status, ref)] * chance.choice((1, 1, 2, 3))
    chance.shuffle(bodies)
    sent.receive(*bodies)
    assert [row.status for row in sent.rows()] == expected
    assert_adds_up(sent)
    assert {receipt.state for receipt in sent.kept()} == {"applied"}


def test_refused_outright_and_receipts_live_side_by_side(make_sent: MakeSent) -> None:
    sent = make_sent(2, ACCEPTED, REFUSED)
    sent.receive(v1("read", sent.ref()))
    assert [row.status for row in sent.rows()] == ["read", "failed"]
    assert_adds_up(sent)
    with sent.database.read() as session:
        assert session.execute(sa.select(Campaign.status)).scalars().all() == ["completed"]
