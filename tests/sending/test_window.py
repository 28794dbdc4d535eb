"""Batches: at most `size` messages leave in any window of `interval`, and on the mean nearly as many."""

import json
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.sending.batch_limits import BatchLimit
from outbound_campaigns.sending.window import LONGEST_INTERVAL, BatchWindow

SIZES = st.integers(1, 30)
INTERVALS = st.sampled_from([0.1, 1.0, 7.3, 60.0, 3600.0])
HOUR = 3600.0
START = 1_772_366_400.0
TOLERANCE = 1e-4
"""seconds; what a float of today's seconds can hold, many times over"""

Plan = tuple[float, float, float, int]
PLANS = st.lists(
    st.tuples(
        st.floats(0, 2).map(lambda share: share**3),  # how far the clock goes on, in intervals
        st.floats(0, 1),  # how far ahead of the clock the first may leave, in seconds
        st.sampled_from([0.0, 0.001, 0.05, 0.3]),  # seconds between messages
        st.integers(1, 40),  # messages at most
    ),
    min_size=1,
    max_size=25,
)


def empty(size: int, interval: float) -> BatchWindow:
    return BatchWindow((BatchLimit(size, interval),))


def must_hold(times: list[float], size: int, interval: float) -> None:
    times = sorted(times)
    gaps = [later - earlier for earlier, later in zip(times, times[size:], strict=False)]
    assert min(gaps, default=interval) >= interval - TOLERANCE


def kept(window: BatchWindow, now: float) -> BatchWindow:
    """The window as the campaign's row gives it back."""
    rows = json.loads(json.dumps(window.dump(now)))
    return BatchWindow.load(window.limits, rows, now)


@given(SIZES, INTERVALS, PLANS)
def test_no_sequence_of_plans_lets_more_leave_than_a_batch(
    size: int, interval: float, plans: list[Plan]
) -> None:
    now, left, window = START, [], empty(size, interval)
    for goes_on, ahead, spacing, most in plans:
        now += goes_on * interval
        slots = window.slots(now + ahead, now + ahead + 1, spacing, most)
        left += slots
        window = kept(window.sent(slots), now)
    must_hold(left, size, interval)


@given(SIZES, INTERVALS, PLANS, st.randoms(use_true_random=False))
def test_the_promise_holds_when_messages_leave_late_or_not_at_all(
    size: int, interval: float, plans: list[Plan], random: Random
) -> None:
    now, left, window = START, [], empty(size, interval)
    for goes_on, _, spacing, most in plans:
        now += goes_on * interval
        slots = window.slots(now, now + 1, spacing, most)
        window = kept(window.sent(slots), now)
        really = [slot for slot in slots if random.random() < 0.7]
        window = kept(window.not_sent(slots).sent(really), now)
        left += really
    must_hold(left, size, interval)


@pytest.mark.parametrize(("size", "interval"), [(1, 1.0), (10, 1.0), (100, 1.0), (100, 60.0), (7, 3600.0)])
def test_the_mean_reaches_its_nominal_rate(size: int, interval: float) -> None:
    now, sent, window = START, 0, empty(size, interval)
    while now < START + 100 * interval:
        slots = window.slots(now, now + 1, 0.0, size)
        sent += len(slots)
        window = kept(window.sent(slots), now)
        now = window.next_free(now)
    assert 0.99 * 100 * size <= sent <= 101 * size


def test_a_first_batch_leaves_at_the_given_spacing() -> None:
    slots = empty(3, 60.0).slots(START, START + 1, 0.25, 10)
    assert slots == [START, START + 0.25, START + 0.5]


def test_a_plan_ends_at_its_latest_moment() -> None:
    assert len(empty(100, 60.0).slots(START, START + 1, 0.25, 100)) == 5


def test_a_full_window_says_when_the_next_message_may_leave() -> None:
    window = empty(2, 60.0).sent([START, START + 30])
    assert START + 60 <= window.next_free(START + 40) <= START + 60.3


def test_an_empty_window_lets_a_message_leave_at_once() -> None:
    assert empty(1, 60.0).next_free(START) == START


@given(SIZES, INTERVALS, st.lists(st.floats(0, 3600), max_size=20))
def test_what_is_taken_back_leaves_no_trace(size: int, interval: float, times: list[float]) -> None:
    window = empty(size, interval).sent([START])
    planned = [START + time for time in times]
    assert window.sent(planned).not_sent(planned) == window


@given(st.sampled_from([3 * HOUR, 4 * HOUR, 24 * HOUR]), st.floats(0, 2000))
def test_what_is_taken_back_of_a_long_interval_leaves_no_trace(interval: float, at: float) -> None:
    window = empty(100, interval).sent([START])
    assert window.sent([START + at]).not_sent([START + at]) == window


def test_taking_back_what_was_never_planned_is_harmless() -> None:
    window = empty(2, 60.0).sent([START])
    assert window.not_sent([START + 40]) == window


@given(SIZES, INTERVALS, st.lists(st.floats(0, 1), max_size=20))
def test_a_window_comes_back_from_the_row_as_it_was(size: int, interval: float, times: list[float]) -> None:
    window = empty(size, interval).sent([START + time for time in times])
    assert kept(window, START) == window


def test_what_left_longer_ago_than_a_day_is_not_kept() -> None:
    window = empty(2, 60.0).sent([START, START + 50])
    assert len(window.dump(START + LONGEST_INTERVAL + 20)) == 1


@pytest.mark.parametrize("interval", [0.1, 1.0, 60.0, 3600.0, LONGEST_INTERVAL])
def test_a_day_of_sending_is_kept_in_a_few_hundred_parts(interval: float) -> None:
    window = empty(10_000, interval)
    for second in range(0, 90_000, 100):
        now = START + second
        window = kept(window.sent([now, now + 0.3]), now)
    assert sum(count for _, count in window.parts) >= 2 * LONGEST_INTERVAL / 100
    assert len(window.parts) < 400


def test_after_a_clock_was_set_back_what_lies_ahead_counts_as_sent_now() -> None:
    window = empty(2, 60.0).sent([START, START])
    earlier = START - 86_400
    assert kept(window, earlier).next_free(earlier) <= earlier + 61


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_after_any_step_back_no_more_than_an_interval_is_lost(ahead: float, back: float) -> None:
    window, now = empty(1, 60.0).sent([START + ahead]), START - back
    assert kept(window, now).next_free(now) <= now + 2 * 60 + 1


def test_rows_that_were_written_apart_are_counted_together() -> None:
    rows = [[START, 1], [START, 2], [START + 1e6, 1], [START + 2e6, 1]]
    window = BatchWindow.load(empty(5, 60.0).limits, rows, START)
    assert sum(count for _, count in window.parts) == 5
    assert window.next_free(START) > START + 59


def test_slots_come_in_their_order() -> None:
    slots = empty(5, 0.3).slots(START, START + 1, 0.01, 100)
    assert all(earlier <= later for earlier, later in pairwise(slots))
