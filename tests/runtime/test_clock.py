"""Two clocks, read one after the other, and how far they are apart."""

from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.runtime.clock import WallOffset

TRUE = 1_000_000.0


@given(st.lists(st.tuples(st.floats(0, 0.4), st.floats(0, 0.4)), min_size=1, max_size=30))
def test_the_closest_bounds_of_all_readings_count(delays: list[tuple[float, float]]) -> None:
    offset = WallOffset()
    for number, (there, back) in enumerate(delays):
        found = offset.after(float(number), number + there + TRUE, number + there + back)
    there, back = (min(way) for way in zip(*delays, strict=True))
    assert found.least <= TRUE + 1e-6
    assert found.most >= TRUE - 1e-6
    assert abs(found.least - TRUE + back) < 1e-6
    assert abs(found.most - TRUE - there) < 1e-6


def test_a_clock_that_was_set_is_followed_at_once() -> None:
    offset = WallOffset()
    offset.after(1.0, TRUE + 1, 1.0)
    assert offset.after(2.0, TRUE + 2 - 3600, 2.0) == (TRUE - 3600, TRUE - 3600)
    assert offset.after(3.0, TRUE + 3 + 3600, 3.0) == (TRUE + 3600, TRUE + 3600)


def test_a_clock_that_drifts_is_followed() -> None:
    offset = WallOffset()
    for number in range(1000):
        found = offset.after(number, number * 1.0005 + TRUE, number + 0.001)
        assert abs(found.least - TRUE - number * 0.0005) < 0.002 + 32 * 0.0005
