"""The pace: when the next message may leave, and how the rate falls and recovers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot_config.vonage import VonageCredentials
from outbound_campaigns.database.models import Pace
from outbound_campaigns.sending import pace as paces
from outbound_campaigns.sending.pace import TOLERANCE, Limit, grant, report, take
from outbound_campaigns.vonage.senders import Sender

START = 1_772_366_400.0
EPSILON = 1e-5
"""seconds; what is lost in a float of today's seconds"""

SLICES = st.lists(st.tuples(st.floats(0, 3), st.integers(1, 30)), min_size=1, max_size=30)
"""(seconds since the slice before, messages)"""


def pace(per_second: float, top: float | None = None, key: str = "account:a") -> Pace:
    """A row as it stands when a first message is sent."""
    return Pace(
        key=key,
        per_second=per_second,
        next_at=START,
        ceilings={"bot": [top or per_second, START]},
        window_at=START,
        accepted=0,
        throttled=0,
        last_rate=0.0,
        cut_at=0.0,
    )


def leave(rows: list[Pace], slices: list[tuple[float, int]]) -> list[float]:
    """When the messages of these slices leave; a slice holds what may leave within a second."""
    now, times = START, []
    for waits, most in slices:
        now += waits
        start, spacing = grant(rows, now)
        slots = [start + index * spacing for index in range(most)]
        slots = [slot for slot in slots if slot <= now + 1]
        if slots:
            take(rows, start, len(slots))
        times += [max(now, slot) for slot in slots]
    return times


def must_keep_to(times: list[float], per_second: float) -> None:
    for k, at in enumerate(times):
        assert at >= times[0] + k / per_second - TOLERANCE - EPSILON


@given(st.sampled_from([0.05, 0.7, 1.0, 20.0, 2000.0]), SLICES)
def test_no_message_leaves_before_its_turn(per_second: float, slices: list[tuple[float, int]]) -> None:
    times = leave([pace(per_second)], slices)
    for begin in range(len(times)):
        must_keep_to(times[begin:], per_second)


@given(st.floats(0.1, 500), st.floats(0.1, 500), SLICES)
def test_both_the_account_and_the_number_must_let_a_message_leave(
    account: float, number: float, slices: list[tuple[float, int]]
) -> None:
    times = leave([pace(account), pace(number, key="sender:n")], slices)
    must_keep_to(times, min(account, number))


def test_a_busy_account_holds_back_its_other_numbers() -> None:
    account, first, second = pace(10.0), pace(10.0, key="sender:1"), pace(10.0, key="sender:2")
    leave([account, first], [(0.0, 10)])
    assert grant([account, second], START)[0] == START + 1


def test_an_idle_pace_lets_the_next_message_leave_at_once() -> None:
    row = pace(10.0)
    assert grant([row], START + 100)[0] <= START + 100


def test_an_idle_pace_saves_up_no_more_than_the_tolerance() -> None:
    row = pace(10.0)
    times = leave([row], [(100.0, 10)])
    assert times[-1] - times[0] >= 9 / 10 - TOLERANCE - EPSILON


def test_a_time_that_a_clock_set_back_has_left_far_ahead_is_forgotten() -> None:
    row = pace(10.0)
    row.next_at = START + 3600
    assert grant([row], START)[0] == START


@pytest.mark.parametrize("passed", [0.3, 0.5, 1.0])
def test_a_throttle_answer_cuts_to_ninety_percent_of_what_was_accepted(passed: float) -> None:
    row = pace(1000.0)
    report(row, accepted=int(300 * passed), throttled=5, now=START + passed)
    assert row.per_second == pytest.approx(270)


def test_of_a_short_stretch_the_second_before_it_counts() -> None:
    row = pace(1000.0)
    report(row, accepted=300, throttled=0, now=START + 1)
    report(row, accepted=2, throttled=1, now=START + 1.05)
    assert row.per_second == pytest.approx(270)


def test_a_cut_never_raises_the_rate() -> None:
    row = pace(50.0, top=1000.0)
    report(row, accepted=900, throttled=1, now=START + 1)
    assert row.per_second == pytest.approx(45)


def test_a_second_cut_waits_for_a_second() -> None:
    row = pace(1000.0)
    report(row, accepted=300, throttled=1, now=START + 1)
    report(row, accepted=10, throttled=50, now=START + 1.9)
    assert row.per_second == pytest.approx(270)
    report(row, accepted=90, throttled=50, now=START + 2)
    assert row.per_second == pytest.approx(90)


def test_after_a_clock_was_set_back_a_throttle_answer_still_cuts() -> None:
    row = pace(1000.0)
    report(row, accepted=300, throttled=1, now=START + 3600)
    report(row, accepted=100, throttled=1, now=START + 1)
    assert row.per_second < 270


def test_a_clean_second_adds_two_percent_of_the_ceiling() -> None:
    row = pace(100.0, top=1000.0)
    report(row, accepted=100, throttled=0, now=START + 1)
    assert row.per_second == pytest.approx(120)


@pytest.mark.parametrize(("accepted", "throttled", "passed"), [(100, 0, 0.5), (0, 0, 1.0)])
def test_the_rate_does_not_grow_within_a_second_nor_by_silence(
    accepted: int, throttled: int, passed: float
) -> None:
    row = pace(100.0, top=1000.0)
    report(row, accepted, throttled, now=START + passed)
    assert row.per_second == 100


def test_a_second_with_a_throttle_answer_is_not_clean() -> None:
    row = pace(1000.0)
    report(row, accepted=300, throttled=1, now=START + 1)
    report(row, accepted=100, throttled=1, now=START + 1.5)
    report(row, accepted=100, throttled=0, now=START + 2.1)
    assert row.per_second <= 270


REPORTS = st.lists(
    st.tuples(st.floats(-5, 5), st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=40
)


@given(st.sampled_from([0.5, 1.0, 20.0, 2000.0]), REPORTS)
def test_the_rate_stays_between_its_floor_and_its_ceiling(
    top: float, reports: list[tuple[float, int, int]]
) -> None:
    row, now = pace(top), START
    for passed, accepted, throttled in reports:
        now += passed
        report(row, accepted, throttled, now)
        assert min(1.0, top) <= row.per_second <= top


@given(REPORTS)
def test_the_rate_is_cut_at_most_once_a_second(reports: list[tuple[float, int, int]]) -> None:
    row, now, cuts = pace(2000.0), START, [START - 10]
    for passed, accepted, throttled in reports:
        now += abs(passed) / 10
        before = row.per_second
        report(row, accepted, throttled, now)
        if row.per_second < before:
            assert now - cuts[-1] >= 1 - EPSILON
            cuts.append(now)


class Server:
    """It takes `capacity` messages a second, a tenth of them at once, and tells nobody."""

    def __init__(self, capacity: float) -> None:
        self.capacity = capacity
        self.tokens, self.filled_at = capacity / 10, START

    def takes(self, at: float) -> bool:
        grown = self.tokens + max(0.0, at - self.filled_at) * self.capacity
        self.tokens, self.filled_at = min(grown, self.capacity / 10), max(at, self.filled_at)
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


def drive(row: Pace, server: Server, seconds: float, tick: float) -> tuple[int, int]:
    """(accepted, refused) while a campaign without end is sent, its answers reported each tick."""
    now, total, refused = row.window_at, 0, 0
    end = now + seconds
    while now < end:
        start, spacing = grant([row], now)
        messages = max(0, int((now + tick - start) / spacing) + 1)
        answers = [server.takes(start + index * spacing) for index in range(messages)]
        take([row], start, messages) if messages else None
        now += tick
        report(row, sum(answers), len(answers) - sum(answers), now)
        total, refused = total + len(answers), refused + len(answers) - sum(answers)
    return total - refused, refused


@pytest.mark.parametrize("tick", [0.02, 0.1, 0.25])
def test_the_rate_finds_a_hidden_capacity_and_keeps_below_it(tick: float) -> None:
    row, server = pace(2000.0), Server(300.0)
    drive(row, server, 20, tick)
    accepted, refused = drive(row, server, 60, tick)
    assert accepted >= 0.9 * 300 * 60
    assert refused < 0.05 * (accepted + refused)


def test_the_rate_returns_to_its_ceiling_when_the_capacity_does() -> None:
    row, server = pace(200.0), Server(50.0)
    drive(row, server, 20, 0.1)
    server.capacity = 1000.0
    drive(row, server, 60, 0.1)
    assert row.per_second == 200


def test_a_sender_is_held_by_its_account_and_by_its_number() -> None:
    sender = Sender("bot", "5215550001111", VonageCredentials("key", "secret", None, None, None, False), 8.0)
    assert paces.limits_of(sender) == (
        Limit("account:key", "bot", 8.0),
        Limit("sender:5215550001111", "bot", 8.0),
    )


def test_an_account_and_a_number_of_the_same_name_have_paces_of_their_own() -> None:
    assert paces.account_key("x") != paces.sender_key("x")
