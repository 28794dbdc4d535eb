"""Waits that grow, up to a longest one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.domain.backoff import backoff, longer

seconds = st.floats(0.01, 1e6)


@pytest.mark.parametrize(
    ("factor", "expected"),
    [(2, [1, 2, 4, 8, 15, 15]), (4, [1, 4, 15, 15, 15, 15])],
    ids=["double", "fourfold"],
)
def test_a_wait_grows_by_its_factor_up_to_the_longest(factor: float, expected: list[float]) -> None:
    assert [backoff(tries, 1, 15, factor) for tries in range(6)] == expected


@given(st.integers(0, 10**9), seconds, seconds)
def test_no_number_of_tries_makes_a_wait_too_long_or_fails(tries: int, first: float, longest: float) -> None:
    assert 0 < backoff(tries, first, longest) <= longest


@given(st.integers(0, 40), st.floats(0.01, 10))
def test_who_keeps_the_last_wait_waits_as_who_counts(tries: int, first: float) -> None:
    longest = 1000 * first
    assert longer(backoff(tries, first, longest), first, longest) == backoff(tries + 1, first, longest)
