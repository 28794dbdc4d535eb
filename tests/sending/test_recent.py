"""The latest requests of a campaign: its batches are kept by when each request really began."""

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.sending.batch_limits import BatchLimit
from outbound_campaigns.sending.recent import Recent
from outbound_campaigns.vonage.fence import Fence

NOW = 1000.0


def begun(at: float) -> Fence:
    fence = Fence(lambda: at, lambda: float("inf"))
    fence.begin()
    return fence


def open_fence() -> Fence:
    return Fence(lambda: NOW, lambda: float("inf"))


def ended_without_beginning() -> Fence:
    fence = open_fence()
    fence.is_open = False
    return fence


def after(size: int, *fences: Fence) -> Recent:
    recent = Recent(BatchLimit(size, 10.0))
    for fence in fences:
        recent.left(fence)
    return recent


def test_a_first_batch_leaves_at_its_slots() -> None:
    assert after(3, begun(NOW), begun(NOW)).next_at(NOW + 1) == NOW + 1


def test_the_next_batch_waits_an_interval_from_when_the_first_began() -> None:
    assert after(2, begun(NOW), begun(NOW + 3)).next_at(NOW) == NOW + 10


def test_a_later_slot_is_kept() -> None:
    assert after(1, begun(NOW)).next_at(NOW + 60) == NOW + 60


def test_while_one_that_counts_has_not_begun_the_next_can_not_be_timed() -> None:
    assert after(2, open_fence(), begun(NOW)).next_at(NOW) is None


def test_one_that_never_began_does_not_count() -> None:
    assert after(1, ended_without_beginning()).next_at(NOW) == NOW


def test_a_smaller_batch_holds_from_the_next_message_on() -> None:
    recent = after(3, begun(NOW), begun(NOW + 1))
    recent.hold([BatchLimit(1, 20.0)], NOW + 1)
    assert recent.next_at(NOW) == NOW + 1 + 20


def test_a_limit_that_was_replaced_holds_until_its_end() -> None:
    recent = after(2, begun(NOW), begun(NOW + 1))
    recent.hold([BatchLimit(2, 10.0, until=NOW + 6), BatchLimit(2, 0.1)], NOW + 2)
    assert recent.next_at(NOW + 2) == NOW + 10  # not NOW + 6: one left under it at NOW + 1
    recent.hold([BatchLimit(2, 0.1)], NOW + 11)
    assert recent.next_at(NOW + 11) == NOW + 11


def test_a_limit_that_nobody_names_any_more_holds_while_what_left_late_under_it_counts() -> None:
    """Its end was reckoned from when the message was to leave; it waited for a throttle to pass."""
    recent = after(1, begun(NOW))
    recent.hold([BatchLimit(2, 0.1)], NOW + 1)
    assert recent.next_at(NOW + 1) == NOW + 10
    recent.hold([BatchLimit(2, 0.1)], NOW + 10)
    assert recent.next_at(NOW + 10) == NOW + 10


def leave(recent: Recent, delays: list[float]) -> Iterator[float]:
    """Let messages leave as early as they may; each begins a little later. When each began."""
    now = NOW
    for delay in delays:
        now = max(now, recent.next_at(NOW) or NOW)
        recent.left(begun(now + delay))
        yield now + delay


@given(st.integers(1, 8), st.lists(st.floats(0, 5), min_size=2, max_size=60))
def test_however_late_requests_begin_a_batch_is_never_exceeded(size: int, delays: list[float]) -> None:
    times = sorted(leave(Recent(BatchLimit(size, 10.0)), delays))
    for earlier, later in zip(times, times[size:], strict=False):
        assert later - earlier >= 10 - 1e-6
