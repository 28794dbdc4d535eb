"""What shows that a message was taken counts, whichever of the recipient's attempts it is about."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import in_doubt
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.in_doubt import DoubtVerdict
from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.record import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Departure, Slice
from tests.support.outcomes import ACCEPTED, LOST
from tests.support.receipt_bodies import failed, v1
from tests.support.senders import OneSender
from tests.support.sent import MakeSent, Sent

NOT_SENT = (
    Outcome(OutcomeKind.THROTTLED, "http_429"),
    Outcome(OutcomeKind.NOT_BEGUN),
    Outcome(OutcomeKind.NOT_CONNECTED, "not_connected"),
    Outcome(OutcomeKind.UNAUTHORIZED, "http_401"),
)
SENDER = OneSender().sender("demo-bot", None)


def deny(sent: Sent) -> None:
    """An operator decides that the message in doubt did not go out."""
    with sent.database.write() as session:
        act = Act("ana", sent.database.now(session))
        in_doubt.resolve(session, sent.campaign_id, sent.row().id, DoubtVerdict.NOT_SENT, act)


def claim(sent: Sent) -> Departure:
    claimed = claim_slice(sent.database, sent.campaign_id, SENDER, Claimant("w", 1, lambda: 0.0))
    assert isinstance(claimed, Slice)
    return claimed.departures[0]


def result(sent: Sent, of: Departure, outcome: Outcome) -> Result:
    times = (of.slot, of.slot)
    return Result(sent.campaign_id, SENDER, of.recipient_id, of.number, of.slot, outcome, *times)


def answer(sent: Sent, of: Departure, outcome: Outcome) -> None:
    record(sent.database, [result(sent, of, outcome)])


@pytest.mark.parametrize("second", NOT_SENT, ids=lambda outcome: str(outcome.kind))
def test_a_denied_attempt_that_was_taken_counts_after_another_that_did_not_leave(
    make_sent: MakeSent, second: Outcome
) -> None:
    sent = make_sent(1, LOST)
    deny(sent)
    sent.end_with(second)
    sent.receive(v1("submitted", sent.ref(attempt=1), "first"))
    assert sent.row().status == "sent"
    sent.make_due()
    sent.receive(failed(1022, sent.ref(attempt=1), message_uuid="first"))
    assert (sent.row().status, sent.row().error_code) == ("failed", "1022")


@pytest.mark.parametrize("second", NOT_SENT, ids=lambda outcome: str(outcome.kind))
def test_a_late_answer_counts_even_while_the_next_attempt_is_under_way(
    make_sent: MakeSent, second: Outcome
) -> None:
    sent = make_sent(1)
    first = claim(sent)
    sent.lose()
    deny(sent)
    again = claim(sent)
    answer(sent, first, ACCEPTED)
    answer(sent, again, second)
    assert sent.row().status == "sent"


@pytest.mark.parametrize("late_first", [True, False])
def test_a_late_answer_counts_in_one_batch_with_the_next_attempts(
    make_sent: MakeSent, late_first: bool
) -> None:
    sent = make_sent(1)
    first = claim(sent)
    sent.lose()
    deny(sent)
    again = claim(sent)
    results = [result(sent, first, ACCEPTED), result(sent, again, Outcome(OutcomeKind.NOT_BEGUN))]
    record(sent.database, results if late_first else results[::-1])
    assert sent.row().status == "sent"
    counts = sent.campaign().counts
    assert (counts["sent"], counts["pending"], counts["sending"], counts["total"]) == (1, 0, 0, 1)


def test_the_failure_of_an_attempt_that_another_followed_changes_nothing(make_sent: MakeSent) -> None:
    sent = make_sent(1, LOST)
    deny(sent)
    sent.end_with(ACCEPTED)
    sent.receive(failed(1022, sent.ref(attempt=1), message_uuid="first"))
    assert sent.row().status == "sent"


@pytest.mark.parametrize("status", ["submitted", "delivered", "read"])
def test_a_receipt_proves_an_attempt_that_a_failover_has_lost(make_sent: MakeSent, status: str) -> None:
    sent = make_sent(1)
    claim(sent)
    forget_the_claim(sent)
    sent.receive(v1(status, sent.ref(attempt=1), to=sent.row().phone_number.lstrip("+")))
    assert sent.row().status == {"submitted": "sent"}.get(status, status)
    assert sent.row().last_attempt == 1


def forget_the_claim(sent: Sent) -> None:
    """As a standby does that had not got it yet."""
    with sent.database.write() as session:
        session.execute(sa.delete(Attempt))
        as_before = {"status": "pending", "last_attempt": 0, "claimed_by": None, "claimed_until": None}
        session.execute(sa.update(Recipient).values(**as_before))
        session.execute(sa.update(Campaign).values(pending_count=1, sending_count=0))
