"""A time is understood as its writer meant it, also where clocks are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.domain.refusals.request import InvalidValue, SkippedTime
from outbound_campaigns.domain.times import read_instant

MEXICO = "America/Mexico_City"


def test_a_time_without_an_offset_is_one_of_the_zone() -> None:
    assert read_instant("2026-12-24T09:30:00", MEXICO) == datetime(2026, 12, 24, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-12-24T09:30:00-03:00", "2026-12-24T12:30:00Z"])
def test_an_offset_goes_before_the_zone(text: str) -> None:
    assert read_instant(text, MEXICO) == datetime(2026, 12, 24, 12, 30, tzinfo=UTC)


def test_an_hour_that_a_clock_change_skips_is_refused_with_one_that_exists() -> None:
    with pytest.raises(SkippedTime) as refused:
        read_instant("2026-03-08T02:30:00", "America/Tijuana")
    assert refused.value.values["instead"] == "2026-03-08T03:30:00"
    assert "America/Tijuana" in refused.value.text("es")


def test_of_an_hour_that_comes_twice_the_first_is_meant_and_an_offset_chooses_the_second() -> None:
    first = read_instant("2026-11-01T01:30:00", "America/Tijuana")
    assert first == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert read_instant("2026-11-01T01:30:00-08:00", "America/Tijuana") == first + timedelta(hours=1)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2027-12-24T09.30",
            "2027-12-24",
            "20271224T0930",
            "2027-W51-5T09:30",
            "2027-12-24T09",
            "24/12/2027",
        ),
        *("2027-12-24T9:30", "2027-12-24T09:30 ", "2027-12-24  09:30"),
        *("", "mañana", "2026-13-01T00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "\x00"),
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_instant(text, MEXICO)
    assert "2026-12-24T09:30:00" in refused.value.text("es")


@pytest.mark.parametrize("text", ["2027-12-24T09:30", "2027-12-24 09:30:00.000", "2027-12-24T15:30Z"])
def test_a_day_with_its_time_is_taken(text: str) -> None:
    assert read_instant(text, MEXICO) == datetime(2027, 12, 24, 15, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - as a wall clock shows it
    st.sampled_from(["America/Tijuana", MEXICO, "America/Santiago", "Europe/Madrid", "UTC"]),
)
def test_every_time_that_is_taken_is_what_the_zones_clock_then_shows(written: datetime, zone: str) -> None:
    try:
        moment = read_instant(written.isoformat(), zone)
    except SkippedTime:
        return
    to_the_millisecond = written.replace(microsecond=written.microsecond // 1000 * 1000)
    assert moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == to_the_millisecond
