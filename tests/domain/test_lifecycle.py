"""The two tables of states and events, read whole, and what they promise of receipts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.domain.lifecycle import (
    CAMPAIGN_TRANSITIONS,
    OLDER_THAN_A_FAILURE,
    RECIPIENT_TRANSITIONS,
    CampaignEvent,
    CampaignStatus,
    RecipientEvent,
    RecipientStatus,
    recipient_after,
)

# event: (from, …) -> to
CAMPAIGNS = {
    "schedule": [(["draft"], "scheduled")],
    "unschedule": [(["scheduled"], "draft")],
    "start": [(["draft", "scheduled"], "running")],
    "pause": [(["running", "scheduled"], "paused")],
    "resume": [(["paused", "failed"], "running")],
    "reopen": [(["completed", "failed"], "running"), (["paused"], "paused")],
    "cancel": [(["draft", "scheduled", "running", "paused", "failed"], "cancelled")],
    "complete": [(["running"], "completed")],
    "fail": [(["scheduled", "running"], "failed")],
}
NOT_TAKEN_YET = ["sending", "in_doubt", "pending", "failed", "skipped", "cancelled"]
ANY_BUT_ENDED = ["pending", "sending", "sent", "failed", "in_doubt", "skipped", "cancelled"]
RECIPIENTS = {
    "claim": [(["pending"], "sending")],
    "accept": [(NOT_TAKEN_YET, "sent")],
    "refuse": [(["sending", "in_doubt"], "failed")],
    "postpone": [(["sending", "in_doubt"], "pending")],
    "lose": [(["sending"], "in_doubt")],
    "submitted": [(NOT_TAKEN_YET, "sent")],
    "undelivered": [(["sending", "in_doubt", "sent", "pending"], "failed")],
    "return": [(["sending", "in_doubt", "sent"], "pending")],
    "delivered": [(ANY_BUT_ENDED, "delivered")],
    "read": [([*ANY_BUT_ENDED, "delivered"], "read")],
    "skip": [(["pending"], "skipped")],
    "cancel": [(["pending"], "cancelled")],
    "retry": [(["failed"], "pending")],
    "confirm": [(["in_doubt"], "sent")],
    "deny": [(["in_doubt"], "pending")],
}
E = RecipientEvent
ANSWERS = [E.ACCEPT, E.LOSE]
RECEIPTS = [E.SUBMITTED, E.DELIVERED, E.READ, E.UNDELIVERED]

Table = dict[str, list[tuple[list[str], str]]]


def flat(table: Table) -> set[tuple[str, str, str]]:
    return {
        (event, source, to) for event, lines in table.items() for sources, to in lines for source in sources
    }


def test_a_campaign_moves_as_the_design_says_and_in_no_other_way() -> None:
    moves = {(e, s, t) for e, lines in CAMPAIGN_TRANSITIONS.items() for s, t in lines.items()}
    assert moves == flat(CAMPAIGNS)


def test_a_recipient_moves_as_the_design_says_and_in_no_other_way() -> None:
    moves = {(e, s, t) for e, lines in RECIPIENT_TRANSITIONS.items() for s, t in lines.items()}
    assert moves == flat(RECIPIENTS)


def test_every_event_stands_in_its_table() -> None:
    assert set(CAMPAIGN_TRANSITIONS) == set(CampaignEvent)
    assert set(RECIPIENT_TRANSITIONS) == set(RecipientEvent)


def test_a_cancelled_campaign_stays_cancelled() -> None:
    assert not any(CampaignStatus.CANCELLED in lines for lines in CAMPAIGN_TRANSITIONS.values())


@pytest.mark.parametrize("event", [E.DELIVERED, E.READ])
@pytest.mark.parametrize("status", RecipientStatus)
def test_a_receipt_of_arrival_ends_a_recipient_from_any_state(status: RecipientStatus, event: E) -> None:
    expected = RecipientStatus.READ if status is RecipientStatus.READ else event.value
    assert recipient_after(status, event) == expected


@pytest.mark.parametrize("event", sorted(set(RecipientEvent) - {E.READ}))
def test_nothing_but_a_read_moves_a_delivered_recipient(event: E) -> None:
    assert recipient_after(RecipientStatus.DELIVERED, event) is RecipientStatus.DELIVERED


@pytest.mark.parametrize("event", RecipientEvent)
def test_nothing_moves_a_recipient_that_has_read(event: E) -> None:
    assert recipient_after(RecipientStatus.READ, event) is RecipientStatus.READ


def test_only_a_claim_lets_a_recipient_be_sent_to() -> None:
    sending = [event for event, _, to in flat(RECIPIENTS) if to == "sending"]
    assert sending == ["claim"]


def test_a_row_in_doubt_never_becomes_pending_by_being_lost_again() -> None:
    assert recipient_after(RecipientStatus.IN_DOUBT, E.LOSE) is RecipientStatus.IN_DOUBT


@pytest.mark.parametrize("event", OLDER_THAN_A_FAILURE)
@pytest.mark.parametrize("status", RecipientStatus)
def test_nothing_older_moves_a_recipient_whose_failure_was_reported(
    status: RecipientStatus, event: E
) -> None:
    assert recipient_after(status, event, reported_failed=True) is status


def after_all(events: list[E]) -> RecipientStatus:
    status, reported_failed = RecipientStatus.SENDING, False
    for event in events:
        status = recipient_after(status, event, reported_failed)
        reported_failed |= event is E.UNDELIVERED
    return status


@given(st.data())
def test_receipts_in_any_order_and_any_doubling_end_in_the_same_state(data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from(ANSWERS))
    events = [answer, *data.draw(st.lists(st.sampled_from(RECEIPTS), min_size=1, unique=True))]
    doubled = events + data.draw(st.lists(st.sampled_from(events), max_size=6))
    assert after_all(data.draw(st.permutations(doubled))) is after_all(events)


@given(st.data())
def test_receipts_that_come_before_the_answer_count(data: st.DataObject) -> None:
    receipts = data.draw(st.lists(st.sampled_from(RECEIPTS), min_size=1))
    best = next(event for event in (E.READ, E.DELIVERED, E.UNDELIVERED, E.SUBMITTED) if event in receipts)
    expected = {E.UNDELIVERED: "failed", E.SUBMITTED: "sent"}.get(best, best.value)
    assert after_all([*receipts, E.ACCEPT]) == expected
