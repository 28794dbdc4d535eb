"""A receipt may be applied before its message's answer is recorded: the throttle is kept all the same."""

from __future__ import annotations

from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.record import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Slice
from tests.support.outcomes import ACCEPTED
from tests.support.receipt_bodies import v1
from tests.support.senders import OneSender
from tests.support.sent import MakeSent

LATE = 2.0
"""seconds"""


def test_a_departure_is_counted_where_it_really_was(make_sent: MakeSent) -> None:
    sent, sender = make_sent(2, batch_size=1, batch_interval_ms=60_000), OneSender().sender("demo-bot", None)
    claimed = claim_slice(sent.database, sent.campaign_id, sender, Claimant("w", 1, lambda: 0.0))
    assert isinstance(claimed, Slice)
    first = claimed.departures[0]
    sent.receive(v1("submitted", sent.ref()))
    left_at = first.slot + LATE
    result = Result(sent.campaign_id, sender, first.recipient_id, 1, first.slot, ACCEPTED, left_at, left_at)
    for _ in range(2):  # again, as when the commit's answer was lost
        record(sent.database, [result])
    ((counted_at, count),) = sent.campaign().window
    assert count == 1
    assert left_at <= counted_at < left_at + 1
