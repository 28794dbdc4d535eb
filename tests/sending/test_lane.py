"""One account's traffic in this process: requests in flight, their spacing, and when it stops."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.sending.breaker import BAD_ANSWERS
from outbound_campaigns.sending.lane import FIRST_ALLOWED, Lane
from outbound_campaigns.sending.pace import TOLERANCE

K = OutcomeKind
NOW = 1000.0


def through(lane: Lane, *kinds: OutcomeKind, at: float = NOW) -> Lane:
    """Let a message through for each of these outcomes, one after the other."""
    for kind in kinds:
        lane.enter(at)
        lane.leave(Outcome(kind), at)
    return lane


def test_few_requests_may_be_in_flight_at_first() -> None:
    assert Lane(256).allowed == FIRST_ALLOWED
    assert Lane(2).allowed == 2


def test_each_success_lets_one_more_be_in_flight() -> None:
    assert through(Lane(256), *[K.ACCEPTED] * 6).allowed == FIRST_ALLOWED + 6


def test_no_more_are_allowed_than_the_most() -> None:
    assert through(Lane(10), *[K.ACCEPTED] * 100).allowed == 10


def test_trouble_with_vonage_halves_what_is_allowed() -> None:
    lane = through(Lane(256), *[K.ACCEPTED] * 60)
    assert through(lane, K.IN_DOUBT).allowed == 32


def test_trouble_never_leaves_fewer_than_at_first() -> None:
    assert through(Lane(256), K.IN_DOUBT, K.NOT_CONNECTED).allowed == FIRST_ALLOWED


@pytest.mark.parametrize("kind", sorted(set(OutcomeKind) - {K.ACCEPTED, K.IN_DOUBT, K.NOT_CONNECTED}))
def test_other_outcomes_change_nothing_of_what_is_allowed(kind: OutcomeKind) -> None:
    assert through(Lane(256), kind).allowed == FIRST_ALLOWED


def test_five_bad_answers_in_a_row_stop_the_lane() -> None:
    lane = through(Lane(256), *[K.IN_DOUBT] * (BAD_ANSWERS - 1))
    assert lane.stopped_at < NOW
    assert through(lane, K.NOT_CONNECTED).stopped_at == NOW


def test_a_request_that_was_not_begun_says_nothing_of_vonage() -> None:
    lane = through(Lane(256), *[K.IN_DOUBT] * 4, K.NOT_BEGUN, K.IN_DOUBT)
    assert lane.stopped_at == NOW


def test_an_answer_between_keeps_the_lane_going() -> None:
    lane = through(Lane(256), *[K.IN_DOUBT] * 4, K.RECIPIENT_REFUSED, *[K.IN_DOUBT] * 4)
    assert lane.stopped_at < NOW


def test_the_accounts_trouble_stops_the_lane_at_once() -> None:
    assert through(Lane(256), K.ACCOUNT_TROUBLE).stopped_at == NOW


def test_when_vonage_answers_again_the_lane_begins_carefully() -> None:
    lane = through(Lane(256), *[K.ACCEPTED] * 60, *[K.IN_DOUBT] * BAD_ANSWERS)
    lane.restart()
    assert lane.allowed == FIRST_ALLOWED
    assert through(lane, *[K.IN_DOUBT] * 4, at=NOW + 1).stopped_at == NOW


def test_a_lane_is_full_with_all_allowed_in_flight() -> None:
    lane = Lane(2)
    lane.enter(NOW)
    assert not lane.is_full
    lane.enter(NOW)
    assert (lane.is_full, lane.in_flight) == (True, 2)


def test_who_waits_for_room_goes_on_when_an_answer_comes() -> None:
    async def story() -> bool:
        lane = Lane(1)
        lane.enter(NOW)
        waiting = asyncio.create_task(lane.wait_for_room())
        await asyncio.sleep(0)
        assert not waiting.done()
        lane.leave(Outcome(K.ACCEPTED), NOW)
        await waiting
        return lane.is_full

    assert not asyncio.run(story())


def test_a_slot_that_has_come_may_be_used() -> None:
    assert Lane(4).next_at(NOW) == NOW


def test_a_pace_that_fell_since_the_slots_were_given_spreads_them() -> None:
    lane = Lane(4)
    lane.set_pace(2.0)
    lane.enter(NOW)
    lane.enter(NOW + 0.4)
    assert lane.next_at(NOW + 0.5) == pytest.approx(NOW + 1.0 - TOLERANCE)


@given(st.sampled_from([0.5, 20.0, 2000.0]), st.lists(st.floats(0, 1), min_size=2, max_size=40))
def test_messages_leave_no_denser_than_the_pace(per_second: float, waits: list[float]) -> None:
    lane, now, times = Lane(256), NOW, []
    lane.set_pace(per_second)
    for wait in waits:
        now = max(now + wait / per_second, lane.next_at(NOW))
        lane.enter(now)
        times.append(now)
    for k, at in enumerate(times):
        assert at >= times[0] + k / per_second - TOLERANCE - 1e-6
