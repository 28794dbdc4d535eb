"""When a campaign will be through, by its batches and its pace."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.reports.forecast import finish

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PACES = st.floats(0.1, 5000)
BATCHES = st.fixed_dictionaries(
    {"batch_size": st.integers(1, 10_000), "batch_interval_ms": st.integers(100, 600_000)}
)
PENDING = st.integers(1, 100_000)

CASES = json.loads((Path(__file__).parents[1] / "support/durations.json").read_text(encoding="utf-8"))
"""what forecast.py and the panel's pace.js both come to"""


def campaign(**values: Any) -> Campaign:
    usual = {
        "status": "running",
        "pending_count": 10,
        "batch_size": 4,
        "batch_interval_ms": 60_000,
        "next_batch_at": NOW,
    }
    return Campaign(**{**usual, **values})


def seconds(made: Campaign, pace: float) -> float:
    end = finish(made, pace, NOW)
    assert end is not None
    return (end - NOW).total_seconds()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_it_tells_what_the_panel_tells_while_somebody_types(case: dict[str, Any]) -> None:
    made = campaign(
        pending_count=case["people"],
        batch_size=case["batch_size"],
        batch_interval_ms=case["batch_interval_ms"],
    )
    assert seconds(made, case["per_second"]) == pytest.approx(case["seconds"], abs=1e-6)


def test_the_last_batch_is_sent_out_after_the_intervals_before_it() -> None:
    assert seconds(campaign(), 2.0) == 2 * 60 + 2 / 2.0


def test_a_pace_that_is_slower_than_the_batches_decides() -> None:
    assert seconds(campaign(batch_interval_ms=100), 2.0) == 5.0


@pytest.mark.parametrize(
    ("values", "begins"),
    [
        ({"next_batch_at": NOW + timedelta(seconds=30)}, 30),
        ({"next_batch_at": NOW - timedelta(hours=1)}, 0),
        ({"next_batch_at": None, "started_at": NOW - timedelta(hours=1)}, 0),
        ({"status": "scheduled", "scheduled_at": NOW + timedelta(hours=1), "next_batch_at": None}, 3600),
    ],
)
def test_it_begins_with_the_next_batch_or_at_the_scheduled_time(
    values: dict[str, Any], begins: float
) -> None:
    assert seconds(campaign(pending_count=1, **values), 1.0) == begins + 1


@pytest.mark.parametrize("status", ["draft", "paused", "completed", "failed", "cancelled"])
def test_what_does_not_run_has_no_end(status: str) -> None:
    assert finish(campaign(status=status), 1.0, NOW) is None


@pytest.mark.parametrize(
    ("values", "pace"),
    [
        ({"pending_count": 0}, 1.0),
        ({}, 0.0),
        ({"pending_count": 10**9, "batch_size": 1, "batch_interval_ms": 86_400_000}, 1.0),
    ],
)
def test_with_nothing_pending_or_no_end_in_sight_none_is_told(values: dict[str, Any], pace: float) -> None:
    assert finish(campaign(**values), pace, NOW) is None


def test_while_a_canary_may_still_stop_it_none_is_told() -> None:
    assert finish(campaign(canary_size=4), 1.0, NOW) is None
    assert finish(campaign(canary_size=4, canary_members=[1, 2, 3, 4]), 1.0, NOW) is None
    assert finish(campaign(canary_size=10), 1.0, NOW) is not None
    verdict = {"state": "passed", "delivered": 4, "failed": 0, "unanswered": 0}
    assert finish(campaign(canary_size=4, canary_verdict=verdict), 1.0, NOW) is not None


@given(BATCHES, PACES, PENDING, PENDING)
def test_more_recipients_never_take_less_time(
    batches: dict[str, Any], pace: float, one: int, other: int
) -> None:
    fewer, more = sorted((one, other))
    shorter, longer = (finish(campaign(pending_count=count, **batches), pace, NOW) for count in (fewer, more))
    assert shorter is not None
    assert longer is not None
    assert longer >= shorter - timedelta(microseconds=1)


@given(BATCHES, PACES, PENDING)
def test_it_is_never_faster_than_the_batches_or_the_pace(
    batches: dict[str, Any], pace: float, pending: int
) -> None:
    told = seconds(campaign(pending_count=pending, **batches), pace) + 1e-5
    gaps = (pending - 1) // batches["batch_size"]
    assert told >= pending / pace
    assert told >= gaps * batches["batch_interval_ms"] / 1000
