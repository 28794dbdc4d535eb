"""A canary: the first few messages go out alone, and their receipts decide about the others."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import bulk_moves, campaign_rows, canary, opt_outs
from outbound_campaigns.campaigns.canary import CanaryState
from outbound_campaigns.campaigns.opt_outs import Reason
from outbound_campaigns.database.models import Event, OptOutSource, Recipient
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.domain.phone_numbers import read_number
from outbound_campaigns.domain.reasons import reason_text
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.slice import Probe, Slice, Wait
from tests.support.outcomes import ACCEPTED, LOST, REFUSED
from tests.support.receipt_bodies import failed, v1
from tests.support.senders import OneSender
from tests.support.sent import MakeSent, Sent

THROTTLED = Outcome(OutcomeKind.THROTTLED, "http_429")
WAIT = timedelta(minutes=30)


def claim(sent: Sent) -> Slice | Wait | Probe:
    sender = replace(OneSender().sender("demo-bot", None), messages_per_second=10_000)
    return claim_slice(sent.database, sent.campaign_id, sender, Claimant("worker", 1000, lambda: 0.0))


def statuses(sent: Sent) -> str:
    """The rows' statuses by their first letters, in order: p, s, d, r, f, i."""
    return "".join(row.status[:2].replace("se", "s")[0] for row in sent.rows())


def all_due(sent: Sent) -> None:
    """As if the waits of rows that are to be sent again were over, and the batches' intervals too."""
    with sent.database.write() as session:
        pending = Recipient.status == "pending"
        now = sent.database.now(session)
        session.execute(sa.update(Recipient).where(pending).values(next_attempt_at=now))
        campaign_rows.update(session, sent.campaign_id, window=[])


def wait_for_long(sent: Sent) -> None:
    """As if the last member had left long ago."""
    with sent.database.write() as session:
        long_ago = sent.database.now(session) - WAIT - timedelta(seconds=1)
        campaign_rows.update(session, sent.campaign_id, canary_last_at=long_ago)


def finals(sent: Sent, *ends: str) -> None:
    """A receipt for each of the first rows: "delivered", "read", a code, or "" for none."""
    for place, end in enumerate(ends):
        if end:
            ref = sent.ref(place)
            sent.receive(failed(end, ref) if end.isdigit() else v1(end, ref))


def opt_out(sent: Sent, place: int) -> None:
    row = sent.row(place)
    number = read_number(row.phone_number, "MX", True)
    with sent.database.write() as session:
        session.execute(sa.update(Recipient).where(Recipient.id == row.id).values(phone_key=number.key))
        now = sent.database.now(session)
        assert opt_outs.add(session, "demo-bot", [number], Reason(OptOutSource.API), now)


def last_event(sent: Sent) -> Event:
    with sent.database.read() as session:
        return session.execute(sa.select(Event).order_by(Event.id.desc()).limit(1)).scalar_one()


def with_canary(make_sent: MakeSent, size: int = 4, recipients: int = 10, **fields: Any) -> Sent:
    """A campaign whose canary has left."""
    return make_sent(recipients, ACCEPTED, canary_size=size, **fields)


def test_only_the_canary_leaves_and_then_its_receipts_are_awaited(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent)
    assert statuses(sent) == "sssspppppp"
    before = sent.campaign()
    assert canary.state(before) is CanaryState.WAITING
    waits = claim(sent)
    assert isinstance(waits, Wait)
    campaign = sent.campaign()
    assert campaign.canary_last_at is not None
    assert waits.until == campaign.next_batch_at == campaign.canary_last_at + WAIT
    assert (campaign.status, statuses(sent)) == ("running", "sssspppppp")
    assert canary.figures(campaign) == {"delivered": 0, "failed": 0, "unanswered": 4}


def test_when_all_went_well_the_others_follow(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent)
    finals(sent, "delivered", "read", "1300")
    assert isinstance(claim(sent), Wait)
    sent.receive(v1("delivered", sent.ref(3)))
    sent.end_with(ACCEPTED)
    assert statuses(sent) == "drfdssssss"
    campaign = sent.campaign()
    assert campaign.status == "completed"
    assert campaign.canary_verdict == {"state": "passed", "delivered": 3, "failed": 1, "unanswered": 0}
    assert campaign.canary_members == []


def test_that_it_passed_stands_among_the_events(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent)
    finals(sent, *["delivered"] * 4)
    claim(sent)
    event = last_event(sent)
    assert (event.who, event.what) == ("guard", "canary")
    assert reason_text(event.why, "en").startswith("The canary passed: 4 delivered, 0 failed, 0 without")


@pytest.mark.parametrize(
    ("ends", "limit", "passes"),
    [
        (["delivered", "delivered", "1300", "1300"], 0.5, True),
        (["delivered", "1300", "1300", "1300"], 0.5, False),
        (["delivered", "delivered", "delivered", "1300"], 0.2, False),
        (["delivered", "1300", "1300", "1300"], 1.0, False),
        (["delivered", "delivered", "1300", "1300"], None, True),
        (["1300", "1300", "1300", "1300"], None, False),
    ],
)
def test_failures_and_arrivals_decide(
    make_sent: MakeSent, ends: list[str], limit: float | None, passes: bool
) -> None:
    sent = with_canary(make_sent, failure_share_limit=limit)
    finals(sent, *ends)
    claim(sent)
    campaign = sent.campaign()
    assert (campaign.canary_verdict or {})["state"] == ("passed" if passes else "failed")
    assert campaign.status == ("running" if passes else "paused")


def test_a_canary_that_failed_pauses_with_the_evidence_and_a_resume_goes_on(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent)
    finals(sent, "delivered", "1300", "1300", "1330")
    assert isinstance(claim(sent), Wait)
    campaign = sent.campaign()
    assert (campaign.status, statuses(sent)) == ("paused", "dfffpppppp")
    why = campaign.status_reason
    assert why == {"code": "canary_failed", "delivered": 1, "failed": 3, "unanswered": 0}
    assert reason_text(why, "es").startswith("La prueba inicial no salió bien: 1 entregados, 3 fallidos, 0 ")
    assert (last_event(sent).who, last_event(sent).why) == ("guard", why)
    sent.operate("resume")
    assert (sent.campaign().canary_verdict or {})["state"] == "passed"
    sent.end_with(ACCEPTED)
    assert (sent.campaign().status, statuses(sent)) == ("completed", "dfffssssss")


@pytest.mark.parametrize(
    ("ends", "status"),
    [(["delivered", "delivered"], "running"), (["delivered"], "paused"), ([], "paused")],
)
def test_when_the_wait_is_over_what_came_by_then_decides(
    make_sent: MakeSent, ends: list[str], status: str
) -> None:
    sent = with_canary(make_sent)
    finals(sent, *ends)
    assert isinstance(claim(sent), Wait)
    wait_for_long(sent)
    claim(sent)
    campaign = sent.campaign()
    assert campaign.status == status
    assert (campaign.canary_verdict or {})["unanswered"] == 4 - len(ends)


def test_what_certainly_was_not_sent_is_sent_again_and_no_clock_runs_until_then(make_sent: MakeSent) -> None:
    sent = make_sent(10, ACCEPTED, THROTTLED, canary_size=4)
    assert statuses(sent) == "sppppppppp"
    wait_for_long(sent)
    assert canary.deadline(sent.campaign()) is None
    claim(sent)
    assert sent.campaign().status == "running"
    all_due(sent)
    sent.end_with(ACCEPTED)
    assert statuses(sent) == "sssspppppp"


def test_a_member_that_came_back_is_sent_again_and_nobody_takes_its_place(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent)
    finals(sent, "1000", "delivered", "delivered", "delivered")
    assert statuses(sent) == "pdddpppppp"
    wait_for_long(sent)
    assert isinstance(claim(sent), Wait)
    all_due(sent)
    sent.end_with(ACCEPTED)
    assert statuses(sent) == "sdddpppppp"
    sent.receive(v1("delivered", sent.ref(0, attempt=2)))
    sent.end_with(ACCEPTED)
    assert statuses(sent) == "ddddssssss"


def test_in_doubt_is_awaited_like_any_other(make_sent: MakeSent) -> None:
    sent = make_sent(10, LOST, ACCEPTED, canary_size=2)
    finals(sent, "", "delivered")
    assert isinstance(claim(sent), Wait)
    assert canary.figures(sent.campaign()) == {"delivered": 1, "failed": 0, "unanswered": 1}
    finals(sent, "read")
    sent.end_with(ACCEPTED)
    assert sent.campaign().sent_count == 8


def test_who_opts_out_before_it_leaves_is_replaced(make_sent: MakeSent) -> None:
    sent = make_sent(10, ACCEPTED, THROTTLED, canary_size=4)
    opt_out(sent, 1)
    assert sent.row(1).status == "skipped"
    for _ in range(3):
        all_due(sent)
        sent.end_with(ACCEPTED)
    assert sent.campaign().sent_count == 4
    assert canary.state(sent.campaign()) is CanaryState.WAITING


def test_an_earlier_message_that_arrives_at_who_was_replaced_holds_up_nobody(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent)
    finals(sent, "1000", "delivered", "delivered", "delivered")
    opt_out(sent, 0)
    all_due(sent)
    sent.end_with(ACCEPTED)
    assert statuses(sent) == "sdddsppppp"
    finals(sent, "delivered", "", "", "", "delivered")
    assert statuses(sent) == "dddddppppp"
    sent.end_with(ACCEPTED)
    assert statuses(sent) == "dddddsssss"
    assert (sent.campaign().canary_verdict or {})["delivered"] == 5


def test_a_canary_as_large_as_the_campaign_is_the_whole_campaign(make_sent: MakeSent) -> None:
    for size in (10, 50):
        sent = with_canary(make_sent, size)
        assert (sent.campaign().status, statuses(sent)) == ("completed", "s" * 10)


def test_one_that_is_refused_as_a_whole_fails_as_without_a_canary(make_sent: MakeSent) -> None:
    sent = make_sent(10, REFUSED, canary_size=10)
    assert sent.campaign().status == "failed"


def test_a_pause_of_an_operators_changes_nothing_about_the_canary(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent)
    finals(sent, "delivered", "delivered")
    sent.operate("pause")
    sent.operate("resume")
    assert isinstance(claim(sent), Wait)
    finals(sent, "", "", "delivered", "delivered")
    assert isinstance(claim(sent), Slice)
    sent.operate("pause")
    sent.operate("resume")
    assert (sent.campaign().canary_verdict or {})["state"] == "passed"


def test_members_that_an_operator_retries_are_members_still(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent)
    finals(sent, "1300", "delivered", "1300", "delivered")
    sent.operate("pause")
    sent.operate("retry_failed")
    with sent.database.write() as session:
        now = sent.database.now(session)
        while bulk_moves.retry_some(session, sent.campaign_id, now, 10):
            pass
    sent.operate("resume")
    all_due(sent)
    sent.end_with(ACCEPTED)
    assert statuses(sent) == "sdsdpppppp"


def test_before_the_verdict_the_limit_of_failures_leaves_the_pausing_to_it(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent, 6, 20, failure_minimum=2)
    finals(sent, "1300", "1300", "1300", "1300", "1300")
    assert sent.campaign().status == "running"
    finals(sent, "", "", "", "", "", "1300")
    claim(sent)
    assert (sent.campaign().status_reason or {})["code"] == "canary_failed"
    sent.operate("resume")
    assert sent.campaign().finals == []
    assert isinstance(claim(sent), Slice)


def test_the_wait_may_be_shortened_on_the_way(make_sent: MakeSent) -> None:
    sent = with_canary(make_sent, canary_wait_minutes=1440)
    finals(sent, "delivered", "delivered")
    wait_for_long(sent)
    assert isinstance(claim(sent), Wait)
    with sent.database.write() as session:
        campaign_rows.update(session, sent.campaign_id, canary_wait_minutes=1)
    assert isinstance(claim(sent), Slice)


def test_the_wait_begins_when_the_last_member_leaves(make_sent: MakeSent) -> None:
    sent = make_sent(10, ACCEPTED, canary_size=4, batch_size=2)
    assert statuses(sent) == "sspppppppp"
    assert canary.deadline(sent.campaign()) is None
    all_due(sent)
    sent.end_with(ACCEPTED)
    until: datetime | None = canary.deadline(sent.campaign())
    left = max(row.sent_at for row in sent.rows() if row.sent_at is not None)
    assert until is not None
    assert abs(until - left - WAIT) < timedelta(milliseconds=1)
