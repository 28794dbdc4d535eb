"""Two clocks, read one after the other, and how far they are apart."""

from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.clock import WallOffset

TRUE = 1_000_000.0


@given(st.lists(st.floats(0, 0.4), min_size=1, max_size=30))
def test_the_quickest_reading_counts(delays: list[float]) -> None:
    offset = WallOffset()
    for number, delay in enumerate(delays):
        found = offset.after(float(number), number + TRUE + delay)
    assert abs(found - TRUE - min(delays)) < 1e-6


def test_a_clock_that_was_set_is_followed_at_once() -> None:
    offset = WallOffset()
    offset.after(1.0, TRUE + 1)
    assert offset.after(2.0, TRUE + 2 - 3600) == TRUE - 3600
    assert offset.after(3.0, TRUE + 3 + 3600) == TRUE + 3600
