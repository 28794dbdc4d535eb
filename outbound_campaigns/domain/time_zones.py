"""Time zones by the data that comes with the tzdata package, which an old system's never replaces.

Mexico has had no daylight saving time since 2022, which many systems do not know yet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import win_tz

from outbound_campaigns.domain.spelling import bare

_SHOWN = 3
"""zones that are suggested at once"""

_FIRST = (
    "America/Mexico_City America/Tijuana America/Hermosillo America/Cancun America/Bogota America/Lima "
    "America/Argentina/Buenos_Aires America/Santiago America/Sao_Paulo America/Caracas America/Guatemala "
    "America/Costa_Rica America/Panama America/La_Paz America/Montevideo America/New_York America/Chicago "
    "America/Denver America/Los_Angeles Europe/Madrid"
).split()
"""zones that are meant by an offset, in this order"""

_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)


class UnknownZone(ValueError):
    """Raised for a name that is in no list of zones."""


@cache
def zone_names() -> frozenset[str]:
    """Return the names in the IANA time zone database."""
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@cache
def zone(name: str) -> ZoneInfo:
    """Return a zone by its IANA name. Raises UnknownZone."""
    if name not in zone_names():
        raise UnknownZone(name)
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def resembling(text: str) -> Sequence[str]:
    """Return up to three zones that a text may mean: by Windows's name, an offset, a city, or spelling."""
    said = bare(text)
    by_name = {bare(name): name for name in sorted(zone_names())}
    for known in (by_name, {bare(name): meant for name, meant in win_tz.items()}):
        if said in known:
            return [known[said]]
    if match := _OFFSET.fullmatch(text.strip()):
        return _at(match)
    cities = _cities()
    part = [name for city, name in cities.items() if said and said in city]
    close = get_close_matches(said, cities, _SHOWN) or get_close_matches(said, by_name, _SHOWN)
    found = part or [cities.get(one) or by_name[one] for one in close]
    return sorted(found, key=lambda name: name not in _FIRST)[:_SHOWN]


def _at(match: re.Match[str]) -> Sequence[str]:
    """Return the zones whose clock is so far from UTC in January, most people's first."""
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    winter = datetime(2026, 1, 15, tzinfo=UTC)
    return [name for name in _FIRST if winter.astimezone(zone(name)).utcoffset() == offset][:_SHOWN]


@cache
def _cities() -> Mapping[str, str]:
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    # The table, which comes last, has no old names.
    names = [line.split("\t")[2] for line in table.splitlines() if not line.startswith("#")]
    names = [*sorted(name for name in zone_names() if "/" in name), *names]
    return {bare(name.rpartition("/")[2]): name for name in names}
