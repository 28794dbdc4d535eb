"""Which receipts are planned for a message."""

import itertools
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vonage_simulator import ReceiptSettings
from vonage_simulator.receipts import Receipt, end_of, planned, steps_of

SEEDS = st.integers(0, 2**32)


def plan(settings: ReceiptSettings, draw: Random, rejection: str = "") -> list[Receipt]:
    return planned(settings, draw, steps_of(settings, draw, rejection))


def statuses(settings: ReceiptSettings, seed: int) -> list[str]:
    return [receipt.status for receipt in plan(settings, Random(seed))]


@given(SEEDS)
def test_a_message_that_arrives_is_submitted_delivered_and_read_one_after_the_other(seed: int) -> None:
    settings = ReceiptSettings(delay_min=1, delay_max=2, read_share=1)
    receipts = plan(settings, Random(seed))
    times = [0.0, *(receipt.after for receipt in receipts)]
    assert [receipt.status for receipt in receipts] == ["submitted", "delivered", "read"]
    assert all(1 <= later - before <= 2.000001 for before, later in itertools.pairwise(times))


@given(SEEDS)
def test_a_message_that_fails_is_rejected_at_once_or_undeliverable_after_it_was_submitted(seed: int) -> None:
    settings = ReceiptSettings(failed_share=1, failure_codes=("1300", "1461"))
    receipts = plan(settings, Random(seed))
    assert [one.status for one in receipts] in (["rejected"], ["submitted", "undeliverable"])
    assert receipts[-1].code in ("1300", "1461")


@given(SEEDS)
def test_a_late_failure_follows_the_delivery(seed: int) -> None:
    settings = ReceiptSettings(late_failure_share=1, read_share=0)
    assert statuses(settings, seed) == ["submitted", "delivered", "undeliverable"]


@given(SEEDS)
def test_a_rejection_is_the_only_receipt(seed: int) -> None:
    [receipt] = plan(ReceiptSettings(), Random(seed), rejection="1022")
    assert (receipt.status, receipt.code) == ("rejected", "1022")


@given(SEEDS)
def test_doubled_receipts_come_twice_each(seed: int) -> None:
    settings = ReceiptSettings(doubled_share=1, read_share=1)
    assert Counter(statuses(settings, seed)) == {"submitted": 2, "delivered": 2, "read": 2}


@given(SEEDS)
def test_shuffled_receipts_are_the_same_ones_at_the_same_times(seed: int) -> None:
    plain = ReceiptSettings(read_share=1, delay_min=1, delay_max=1)
    shuffled = ReceiptSettings(read_share=1, delay_min=1, delay_max=1, shuffled_share=1)
    receipts = plan(shuffled, Random(seed))
    assert sorted(one.status for one in receipts) == sorted(statuses(plain, seed))
    assert sorted(one.after for one in receipts) == [1, 2, 3]


def test_some_shuffled_receipts_come_before_those_they_should_follow() -> None:
    settings = ReceiptSettings(read_share=1, shuffled_share=1)
    orders = set()
    for seed in range(50):
        receipts = sorted(plan(settings, Random(seed)), key=lambda one: one.after)
        orders.add(tuple(one.status for one in receipts))
    assert len(orders) == 6


@given(SEEDS)
def test_lost_receipts_never_come(seed: int) -> None:
    assert statuses(ReceiptSettings(lost_share=1), seed) == []


@given(SEEDS)
def test_receipts_may_be_unsigned_or_carry_their_code_as_a_whole_number(seed: int) -> None:
    settings = ReceiptSettings(unsigned_share=1, integer_title_share=1)
    assert all(one.integer_title and not one.signed for one in plan(settings, Random(seed)))


@given(SEEDS)
def test_equal_seeds_plan_equal_receipts(seed: int) -> None:
    settings = ReceiptSettings(failed_share=0.3, lost_share=0.3, doubled_share=0.3, shuffled_share=0.3)
    assert plan(settings, Random(seed)) == plan(settings, Random(seed))


@pytest.mark.parametrize(
    "settings",
    [
        {"read_share": 2},
        {"delay_min": 2, "delay_max": 1},
        {"failure_codes": ()},
        {"failure_codes": ("bad",)},
        {"concurrency": 0},
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        ReceiptSettings(**settings)  # type: ignore[arg-type]


@given(SEEDS)
def test_a_message_ends_with_its_best_arrival_or_its_failure(seed: int) -> None:
    settings = ReceiptSettings(failed_share=0.3, read_share=0.5, late_failure_share=0.5)
    steps = steps_of(settings, Random(seed))
    end, told = end_of(steps), [step.status for step in steps]
    best = next(word for word in ("read", "delivered", "undeliverable", "rejected") if word in told)
    assert end.status == best
    assert bool(end.code) == (best in ("undeliverable", "rejected"))
