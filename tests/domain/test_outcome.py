"""What follows from each outcome: the table, read whole."""

import pytest

from outbound_campaigns.domain.lifecycle import RecipientEvent, RecipientStatus, recipient_after
from outbound_campaigns.domain.outcome import CONSEQUENCES, Consequence, OutcomeKind, Pauses

# what Vonage's answer was: (the row, is the attempt counted?, and)
DESIGN = {
    "accepted": ("sent", True, ""),
    "throttled": ("pending", False, "the pace falls"),
    "not_connected": ("pending", False, "breaker"),
    "unauthorized": ("pending", False, ""),
    "account_trouble": ("pending", False, "account"),
    "recipient_refused": ("failed", True, ""),
    "campaign_trouble": ("pending", True, "campaign_when_repeated"),
    "in_doubt": ("in_doubt", True, "breaker"),
    "not_begun": ("pending", False, ""),
}


def follows(consequence: Consequence) -> str:
    marks = ["breaker"] * consequence.breaker + ["the pace falls"] * consequence.throttle
    marks += [consequence.pauses] if consequence.pauses is not Pauses.NOBODY else []
    return ", ".join(marks)


def test_every_kind_of_outcome_has_its_consequence() -> None:
    assert set(CONSEQUENCES) == set(OutcomeKind) == set(DESIGN)


@pytest.mark.parametrize("kind", OutcomeKind)
def test_an_outcome_has_the_consequence_that_the_design_gives_it(kind: OutcomeKind) -> None:
    consequence = CONSEQUENCES[kind]
    row = recipient_after(RecipientStatus.SENDING, consequence.event)
    assert (row, consequence.counted, follows(consequence)) == DESIGN[kind]


@pytest.mark.parametrize("kind", OutcomeKind)
def test_a_row_that_may_have_left_never_goes_back_to_pending(kind: OutcomeKind) -> None:
    may_have_left = kind in (OutcomeKind.ACCEPTED, OutcomeKind.IN_DOUBT)
    row = recipient_after(RecipientStatus.SENDING, CONSEQUENCES[kind].event)
    assert not (may_have_left and row is RecipientStatus.PENDING)


@pytest.mark.parametrize("kind", OutcomeKind)
def test_what_is_tried_again_after_trouble_waits_first(kind: OutcomeKind) -> None:
    trouble = kind in (OutcomeKind.THROTTLED, OutcomeKind.NOT_CONNECTED, OutcomeKind.CAMPAIGN_TROUBLE)
    assert (CONSEQUENCES[kind].wait > 0) == trouble


def test_a_row_that_every_attempt_gets_trouble_fails_at_its_last() -> None:
    at_last = {kind: of.at_last for kind, of in CONSEQUENCES.items() if of.at_last}
    assert at_last == {OutcomeKind.CAMPAIGN_TROUBLE: RecipientEvent.REFUSE}


def test_a_late_refusal_of_a_lost_row_is_taken_too() -> None:
    assert recipient_after(RecipientStatus.IN_DOUBT, RecipientEvent.REFUSE) is RecipientStatus.FAILED
