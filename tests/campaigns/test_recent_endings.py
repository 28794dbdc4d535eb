"""How messages ended, as it is kept: each recipient once, the last ones only, corrected when it turns out."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.campaigns.counting import State
from outbound_campaigns.campaigns.failure_limit import FEWEST_KEPT, RecentEndings
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import RecipientEvent, RecipientStatus, recipient_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENDING, SENT = State(RecipientStatus.SENDING), State(RecipientStatus.SENT)
DELIVERED, READ = State(RecipientStatus.DELIVERED), State(RecipientStatus.READ)
EVENTS = (
    RecipientEvent.ACCEPT,
    RecipientEvent.REFUSE,
    RecipientEvent.LOSE,
    RecipientEvent.SUBMITTED,
    RecipientEvent.UNDELIVERED,
    RecipientEvent.DELIVERED,
    RecipientEvent.READ,
)


def failed(code: str = "1300") -> State:
    return State(RecipientStatus.FAILED, code)


def kept(finals: RecentEndings, minimum: int = 20) -> RecentEndings:
    """Written into a campaign's row, and read again."""
    campaign = Campaign(failure_minimum=minimum, finals_since=None)
    finals.keep(campaign)
    return RecentEndings.of(campaign)


def share(finals: RecentEndings) -> float:
    evidence = finals.evidence(1e-9, 1)
    return float(evidence["share"]) if evidence else 0.0


LIVES = st.lists(st.lists(st.sampled_from(EVENTS), max_size=6), max_size=30)


@given(LIVES, st.randoms(use_true_random=False))
def test_each_recipient_counts_once_as_it_ends_whatever_the_order(
    lives: list[list[RecipientEvent]], chance: Random
) -> None:
    finals, states = RecentEndings(kept=1000), [SENDING] * len(lives)
    told = [(place, event) for place, events in enumerate(lives) for event in events]
    chance.shuffle(told)
    for place, event in told:
        after = recipient_after(states[place].status, event)
        code = f"code-{place % 3}" if after is RecipientStatus.FAILED else None
        if after is not states[place].status:
            finals.move(states[place], State(after, code), NOW)
            states[place] = State(after, code)
    ends = Counter(
        state.code or "arrived"
        for state in states
        if state.status in (RecipientStatus.FAILED, RecipientStatus.DELIVERED, RecipientStatus.READ)
    )
    assert Counter(finals.ends) == ends
    assert kept(finals).ends == finals.ends


@given(st.lists(st.booleans(), max_size=400), st.sampled_from([1, 20, 100, 250]))
def test_only_the_last_ones_count(fail: list[bool], minimum: int) -> None:
    finals = kept(RecentEndings(), minimum)
    for bad in fail:
        finals.move(SENT, failed() if bad else DELIVERED, NOW)
        finals = kept(finals, minimum)
    last = fail[-max(FEWEST_KEPT, minimum) :]
    assert share(finals) == round(sum(last) / max(1, len(last)), 4)


@pytest.mark.parametrize(
    ("bad", "good", "limit", "minimum", "acts"),
    [
        (11, 9, 0.5, 20, True),
        (10, 10, 0.5, 20, False),
        (19, 0, 0.5, 20, False),
        (20, 0, None, 20, False),
        (20, 0, 1.0, 20, False),
        (1, 0, 0.001, 1, True),
        (7, 93, 0.07, 1, False),
    ],
)
def test_it_acts_above_the_limit_and_with_enough_finals(
    bad: int, good: int, limit: float | None, minimum: int, acts: bool
) -> None:
    finals = RecentEndings(["1300"] * bad + ["arrived"] * good)
    assert (finals.evidence(limit, minimum) is not None) is acts


def test_the_evidence_names_the_numbers_and_the_commonest_cause() -> None:
    finals = RecentEndings(["1300", "1330", "1330", "arrived"])
    evidence: dict[str, Any] = {"share": 0.75, "failures": 3, "finals": 4, "limit": 33.3}
    assert finals.evidence(1 / 3, 1) == evidence | {"code": "failure_share", "alike": 2, "answer": "1330"}


def test_an_arrival_after_a_failure_takes_the_failure_back() -> None:
    finals = RecentEndings(["1300", "arrived", "1330"])
    finals.move(failed("1300"), READ, NOW)
    assert list(finals.ends) == ["arrived", "arrived", "1330"]


def test_sent_is_an_end_only_where_messages_ask_for_no_receipts() -> None:
    asking, silent = RecentEndings(), RecentEndings(sent_is_final=True)
    for finals in (asking, silent):
        finals.move(SENDING, SENT, NOW)
    assert (list(asking.ends), list(silent.ends)) == ([], ["sent"])
    silent.move(SENT, failed("1300"), NOW)
    assert list(silent.ends) == ["1300"]
    silent.move(SENDING, SENT, NOW)
    silent.move(SENT, State(RecipientStatus.PENDING), NOW)
    assert list(silent.ends) == ["1300"]


def test_what_left_before_an_operator_looked_is_no_evidence() -> None:
    finals = RecentEndings(since=NOW)
    finals.move(SENT, failed(), NOW - timedelta(seconds=1))
    assert list(finals.ends) == []
    finals.move(SENT, failed(), NOW)
    finals.move(SENDING, failed(), None)
    assert len(finals.ends) == 2
