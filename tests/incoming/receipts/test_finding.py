"""A receipt without our client_ref is about an attempt whose id and person both fit."""

from __future__ import annotations

from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from tests.support.receipt_bodies import v0_1
from tests.support.sent import MakeSent

ACCEPTED = [Outcome(OutcomeKind.ACCEPTED, message_uuid=f"uuid-{n}") for n in range(2)]


def test_another_receipt_of_the_same_person_lets_no_stranger_s_pass(make_sent: MakeSent) -> None:
    sent = make_sent(2, *ACCEPTED)
    own = sent.row(0).phone_number.lstrip("+")
    strangers = v0_1("rejected", "uuid-0").replace("5214422591631", "34600000000")
    sent.receive(strangers, v0_1("submitted", "another-id").replace("5214422591631", own))
    assert [row.status for row in sent.rows()] == ["sent", "sent"]
    sent.receive(v0_1("rejected", "uuid-0").replace("5214422591631", own))
    assert [row.status for row in sent.rows()] == ["failed", "sent"]
