"""Batch size and interval are edited in mid-run: what was promised before holds until it has passed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.sending.batch_limits import BatchLimit
from outbound_campaigns.sending.recent import Recent
from outbound_campaigns.sending.window import BatchWindow
from outbound_campaigns.vonage.fence import Fence

START = 1_772_366_400.0
TOLERANCE = 1e-4
"""seconds; what a float of today's seconds can hold, many times over"""
LATEST = 0.3
"""seconds by which a request may begin after its slot"""

LIMITS = st.tuples(st.integers(1, 30), st.sampled_from([100, 1000, 7300, 60_000, 3_600_000, 86_400_000]))
STEPS = st.lists(
    st.one_of(
        LIMITS,
        # How far the clock goes on, in seconds, before a claim of at most so many.
        st.tuples(st.sampled_from([0.05, 0.9, 5.0, 70.0, 4000.0, 50_000.0]), st.integers(1, 60)),
    ),
    min_size=2,
    max_size=40,
)


@dataclass
class Sending:
    """A campaign whose slots are given by the window of its row, and left as the process's own guard lets."""

    random: Random
    campaign: Campaign = field(
        default_factory=lambda: Campaign(batch_size=5, batch_interval_ms=1000, window=[], batch_limits=[])
    )
    now: float = START
    left: list[tuple[float, int, float]] = field(default_factory=list)
    """when each left, and the limit then"""
    recent: Recent = field(default_factory=lambda: Recent(BatchLimit(5, 1.0)))
    handed_back: int = 0

    def edit(self, size: int, interval_ms: int) -> None:
        self.campaign.batch_size, self.campaign.batch_interval_ms = size, interval_ms

    def claim(self, most: int) -> None:
        window = BatchWindow.of(self.campaign, self.now)
        slots = window.slots(self.now, self.now + 1, self.random.choice([0.0, 0.001, 0.05]), most)
        if not slots:
            return
        window.sent(slots).keep(self.campaign, self.now)
        self._store()
        self.recent.hold(window.limits, self.now)
        really = [at for at in map(self._leaves, slots) if at is not None]
        self.handed_back += len(slots) - len(really)
        after = max(really, default=self.now)
        self.campaign.window = BatchWindow.of(self.campaign, after).not_sent(slots).sent(really).dump(after)
        self._store()
        self.now = max(self.now, after)

    def _leaves(self, slot: float) -> float | None:
        at = self.recent.next_at(slot)
        if at is None or at > slot + 5:
            return None
        at += self.random.random() * LATEST if self.random.random() < 0.2 else 0.0
        fence = Fence(lambda: at, lambda: float("inf"))
        fence.begin()
        fence.is_open = False
        self.recent.left(fence)
        self.left.append((at, self.campaign.batch_size, self.campaign.batch_interval_ms / 1000))
        return at

    def _store(self) -> None:
        self.campaign.window = json.loads(json.dumps(self.campaign.window))
        self.campaign.batch_limits = json.loads(json.dumps(self.campaign.batch_limits))


def play(steps: list[tuple[float, int]], random: Random) -> Sending:
    sending = Sending(random)
    for first, second in steps:
        if isinstance(first, int):
            sending.edit(first, second)
        else:
            sending.now += first
            sending.claim(second)
    return sending


@given(STEPS, st.randoms(use_true_random=False))
def test_each_promise_holds_for_every_interval_in_which_a_message_left_under_it(
    steps: list[tuple[float, int]], random: Random
) -> None:
    left = sorted(play(steps, random).left)
    times = [at for at, _, _ in left]
    for at, size, interval in left:
        before = [time for time in times if at - interval + TOLERANCE < time <= at]
        after = [time for time in times if at <= time < at + interval - TOLERANCE]
        assert len(before) <= size
        assert len(after) <= size


@given(STEPS, st.randoms(use_true_random=False))
def test_what_is_claimed_leaves(steps: list[tuple[float, int]], random: Random) -> None:
    assert play(steps, random).handed_back == 0


def sent(sending: Sending, size: int, interval_ms: int, seconds: float) -> int:
    """How many leave within so many seconds after an edit."""
    before = len(sending.left)
    sending.edit(size, interval_ms)
    end = sending.now + seconds
    while sending.now < end:
        sending.claim(1000)
        sending.now += 1
    return len(sending.left) - before


def test_a_longer_interval_counts_what_left_before_the_edit() -> None:
    sending = Sending(Random(1))
    assert sent(sending, 10, 1000, 11) >= 100
    assert sent(sending, 100, 3_600_000, 3500) == 0
    assert 90 <= sent(sending, 100, 3_600_000, 700) <= 110


def test_an_edit_that_is_taken_back_before_anything_leaves_binds_nobody() -> None:
    sending = Sending(Random(1))
    sent(sending, 10, 1000, 5)
    sending.edit(1, 86_400_000)
    sending.claim(10)
    assert sent(sending, 10, 1000, 5) >= 40


def test_a_shorter_interval_waits_for_the_batch_that_has_begun() -> None:
    sending = Sending(Random(1))
    assert sent(sending, 50, 60_000, 10) == 50
    assert sent(sending, 50, 1000, 49) == 0
    assert sent(sending, 50, 1000, 20) >= 400


def test_a_limit_holds_on_when_it_is_replaced_while_messages_under_it_are_under_way() -> None:
    """They may leave later than they were planned to: a throttle answer has them wait."""
    edited = Campaign(
        batch_size=1,
        batch_interval_ms=100,
        window=[[START, 1]],
        batch_limits=[[1, 1.0, None]],
        sending_count=1,
    )
    assert BatchWindow.of(edited, START + 5).next_free(START + 5) == START + 5
    assert BatchLimit(1, 1.0, START + 6) in BatchWindow.of(edited, START + 5).limits
    edited.sending_count = 0
    assert BatchWindow.of(edited, START + 5).limits == (BatchLimit(1, 0.1),)
