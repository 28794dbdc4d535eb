"""Too many failures among the last messages pause a running campaign, once, with the evidence."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import campaign_rows, editing
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Event
from outbound_campaigns.domain.reasons import reason_text
from tests.support.outcomes import ACCEPTED, REFUSED
from tests.support.receipt_bodies import failed, v1
from tests.support.sent import MakeSent, Sent


def under_way(make_sent: MakeSent, **fields: Any) -> Sent:
    """Forty of sixty messages have left; the others' turn comes with the next batch."""
    sent = make_sent(60, batch_size=40, **fields)
    sent.end_with(ACCEPTED)
    assert (sent.campaign().sent_count, sent.campaign().pending_count) == (40, 20)
    return sent


def fail(sent: Sent, *places: int, code: str = "1300") -> None:
    sent.receive(*(failed(code, ref) for ref in refs(sent, *places)))


def deliver(sent: Sent, *places: int) -> None:
    sent.receive(*(v1("delivered", ref) for ref in refs(sent, *places)))


def refs(sent: Sent, *places: int) -> list[str]:
    ref, rows = sent.campaign().ref, sent.rows()
    return [f"{ref}-{rows[place].id}-1" for place in places]


def test_more_failures_than_the_limit_pause_with_the_evidence(make_sent: MakeSent) -> None:
    sent = under_way(make_sent)
    deliver(sent, *range(9))
    fail(sent, *range(9, 19))
    assert sent.campaign().status == "running"
    fail(sent, 19, code="1330")
    campaign = sent.campaign()
    assert campaign.status == "paused"
    why = campaign.status_reason
    assert why == {
        "code": "failure_share", "share": 0.55, "failures": 11, "finals": 20, "limit": 50,
        "alike": 10, "answer": "1300",
    }  # fmt: skip
    assert reason_text(why, "es").startswith("De los últimos 20 mensajes fallaron 11, más del 50 %")
    assert reason_text(why, "en").startswith("Of the last 20 messages, 11 failed: more than the 50 %")
    with sent.database.read() as session:
        event = session.execute(sa.select(Event).order_by(Event.id.desc()).limit(1)).scalar_one()
    assert (event.who, event.what, event.why) == ("guard", "pause", why)


def test_at_the_limit_it_goes_on(make_sent: MakeSent) -> None:
    sent = under_way(make_sent)
    deliver(sent, *range(20))
    fail(sent, *range(20, 40))
    assert sent.campaign().status == "running"


def test_the_limit_and_its_minimum_are_the_campaigns_own(make_sent: MakeSent) -> None:
    strict = under_way(make_sent, failure_share_limit=0.1, failure_minimum=5)
    deliver(strict, *range(4))
    fail(strict, 4)
    unguarded = under_way(make_sent, failure_share_limit=None)
    fail(unguarded, *range(40))
    assert (strict.campaign().status, unguarded.campaign().status) == ("paused", "running")


def test_a_limit_that_is_changed_on_the_way_counts_from_the_next_end_on(make_sent: MakeSent) -> None:
    sent = under_way(make_sent)
    deliver(sent, *range(15))
    fail(sent, *range(15, 20))
    with sent.database.write() as session:
        act = Act("ana", sent.database.now(session))
        editing.change(session, sent.campaign_id, {"failure_share_limit": 0.2}, act)
    fail(sent, 20)
    assert sent.campaign().status == "paused"


def test_repeated_receipts_count_once(make_sent: MakeSent) -> None:
    sent = under_way(make_sent)
    for _ in range(3):
        fail(sent, *range(10), *range(10))
    assert sent.campaign().finals == [["1300", 10]]
    assert sent.campaign().status == "running"


def test_a_late_arrival_takes_its_failure_back(make_sent: MakeSent) -> None:
    sent = under_way(make_sent)
    fail(sent, *range(10))
    deliver(sent, *range(10, 19))
    deliver(sent, 0)
    fail(sent, 19)
    campaign = sent.campaign()
    assert (campaign.status, sum(count for _, count in campaign.finals)) == ("running", 20)


def test_what_has_ended_is_not_paused(make_sent: MakeSent) -> None:
    sent = make_sent(40, ACCEPTED)
    fail(sent, *range(40))
    assert sent.campaign().status == "completed"


def test_where_nobody_is_left_to_spare_the_campaign_ends_instead(make_sent: MakeSent) -> None:
    sent = make_sent(40, REFUSED)
    campaign = sent.campaign()
    assert campaign.status == "failed"
    assert (campaign.status_reason or {})["code"] == "every_recipient_refused"


def test_refusals_outright_pause_too(make_sent: MakeSent) -> None:
    sent = make_sent(60, batch_size=40)
    sent.end_with(REFUSED)
    campaign = sent.campaign()
    assert (campaign.status, campaign.failed_count, campaign.pending_count) == ("paused", 40, 20)
    assert (campaign.status_reason or {})["answer"] == "1180"


@pytest.mark.parametrize(("receipts", "status"), [(True, "paused"), (False, "running")])
def test_without_receipts_sent_is_as_good_as_it_gets(
    make_sent: MakeSent, receipts: bool, status: str
) -> None:
    sent = make_sent(60, batch_size=40)
    sent.end_with(*[REFUSED] * 20, ACCEPTED, receipts=receipts)
    assert sent.campaign().status == status


def test_a_resume_counts_anew_and_forgets_what_left_before(make_sent: MakeSent) -> None:
    sent = under_way(make_sent, failure_minimum=10)
    fail(sent, *range(10))
    assert sent.campaign().status == "paused"
    sent.operate("resume")
    assert sent.campaign().finals == []
    fail(sent, *range(10, 40))
    assert (sent.campaign().status, sent.campaign().finals) == ("running", [])
    clear_the_batches(sent)
    sent.end_with(ACCEPTED)
    assert sent.campaign().status == "completed"


def test_new_failures_after_a_resume_pause_again(make_sent: MakeSent) -> None:
    sent = make_sent(100, batch_size=40)
    sent.end_with(REFUSED)
    sent.operate("resume")
    clear_the_batches(sent)
    # A slot may be planned for a moment ago, when nothing is sent for real.
    with sent.database.write() as session:
        moment_ago = sent.database.now(session) - timedelta(seconds=1)
        campaign_rows.update(session, sent.campaign_id, finals_since=moment_ago)
    sent.end_with(REFUSED)
    campaign = sent.campaign()
    assert (campaign.status, campaign.failed_count, campaign.pending_count) == ("paused", 80, 20)


def test_a_retry_of_those_that_failed_counts_anew(make_sent: MakeSent) -> None:
    sent = make_sent(60, batch_size=40)
    sent.end_with(REFUSED)
    sent.operate("retry_failed")
    assert (sent.campaign().status, sent.campaign().finals) == ("paused", [])


def clear_the_batches(sent: Sent) -> None:
    """As if the interval were over."""
    with sent.database.write() as session:
        session.execute(sa.text("UPDATE outbound_campaigns SET \"window\" = '[]'"))


def test_while_rows_are_on_their_way_back_somebody_is_left_to_spare(make_sent: MakeSent) -> None:
    for way in ("retry_failed_before", "resend_before"):
        sent = make_sent(40, ACCEPTED)
        with sent.database.write() as session:
            now = sent.database.now(session)
            campaign_rows.update(session, sent.campaign_id, **{"status": "running", way: now})
        fail(sent, *range(20))
        assert sent.campaign().status == "paused", way
