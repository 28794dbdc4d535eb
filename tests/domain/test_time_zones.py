"""Zones are those of the data that we bring along; a name that is none suggests what it may mean."""

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound_campaigns.domain.time_zones import UnknownZone, resembling, zone, zone_names
from outbound_campaigns.domain.times import read_instant

MEXICO = "America/Mexico_City"


@pytest.fixture
def old_system(tmp_path: Path) -> Iterator[None]:
    """A system whose data has another clock for Mexico; here it is UTC's."""
    (tmp_path / "America").mkdir()
    (tmp_path / MEXICO).write_bytes((files("tzdata") / "zoneinfo" / "UTC").read_bytes())
    zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath([tmp_path])
    yield
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


def test_the_zones_of_latin_america_are_known() -> None:
    assert {MEXICO, "America/Bogota", "America/Argentina/Buenos_Aires"} <= zone_names()


@pytest.mark.usefixtures("old_system")
def test_what_an_old_system_takes_for_a_zone_is_not_used() -> None:
    assert zoneinfo.ZoneInfo(MEXICO).utcoffset(datetime(2027, 7, 1)) is not None  # noqa: DTZ001
    zone.cache_clear()
    assert read_instant("2027-07-01T09:00", MEXICO) == datetime(2027, 7, 1, 15, tzinfo=UTC)


def test_mexico_has_no_daylight_saving_and_its_border_has() -> None:
    summers = {
        name: read_instant("2027-07-01T09:00", name).hour
        for name in (MEXICO, "America/Tijuana", "America/Ciudad_Juarez", "America/Cancun")
    }
    assert summers == {MEXICO: 15, "America/Tijuana": 16, "America/Ciudad_Juarez": 15, "America/Cancun": 14}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("UTC-6", MEXICO),
        ("gmt -05:00", "America/Cancun"),
        ("+1", "Europe/Madrid"),
        ("Central Standard Time (Mexico)", MEXICO),
        ("SA Pacific Standard Time", "America/Bogota"),
        ("america/mexico_city", MEXICO),
        ("Mexico City", MEXICO),
        ("México City", MEXICO),
        ("Ciudad Juarez", "America/Ciudad_Juarez"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("America/Bogotá", "America/Bogota"),
        ("bogta", "America/Bogota"),
    ],
)
def test_what_is_no_zone_suggests_what_it_may_mean(text: str, first: str) -> None:
    assert resembling(text)[0] == first


@given(st.text(max_size=100))
def test_whatever_is_written_at_most_three_zones_that_exist_are_suggested(text: str) -> None:
    found = resembling(text)
    assert len(found) <= 3
    assert set(found) <= zone_names()


@pytest.mark.parametrize("name", sorted(zone_names()))
def test_each_zone_can_be_read(name: str) -> None:
    assert zone(name).utcoffset(datetime(2026, 1, 1)) is not None  # noqa: DTZ001


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "America", "posix/UTC"])
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone):
        zone(name)
