"""The last gate: no request begins after its deadline."""

import pytest

from outbound_campaigns.vonage.fence import Fence, TooLate


def fence(now: float, deadline: float) -> Fence:
    return Fence(lambda: now, lambda: deadline)


@pytest.mark.parametrize("now", [9.0, 10.0])
def test_until_its_deadline_a_request_may_begin(now: float) -> None:
    gate = fence(now, 10.0)
    gate.begin()
    assert (gate.began_at, gate.too_late, gate.is_open) == (now, False, False)


def test_after_its_deadline_a_request_may_not_begin() -> None:
    gate = fence(10.1, 10.0)
    with pytest.raises(TooLate):
        gate.begin()
    assert (gate.began_at, gate.too_late, gate.is_open) == (None, True, False)


def test_before_it_begins_a_request_is_open() -> None:
    gate = fence(0.0, 10.0)
    assert (gate.began_at, gate.is_open) == (None, True)


def test_a_deadline_that_moves_up_counts_as_it_is_at_the_beginning() -> None:
    deadlines = [10.0]
    gate = Fence(lambda: 5.0, lambda: deadlines[-1])
    deadlines.append(4.0)
    with pytest.raises(TooLate):
        gate.begin()
