"""Reads times as people write them: with an offset, or as local time in some zone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from outbound_campaigns.domain.refusals.request import InvalidValue, SkippedTime


@cache
def zone_names() -> frozenset[str]:
    """Return the names in the IANA time zone database, without the copies under posix/ and right/."""
    return frozenset(name for name in available_timezones() if not name.startswith(("posix", "right")))


def read_instant(text: str, zone: str) -> datetime:
    """Return the moment in UTC, to the millisecond, of an ISO 8601 time; without an offset it is in `zone`.

    Where an hour comes twice, the first is meant; an offset chooses the other. Raises InvalidValue for a text
    that is no time, and SkippedTime for a time that a clock change leaves out.
    """
    try:
        written = datetime.fromisoformat(text)
        # Cut to what is shown, so that a time can be sent back as it was shown.
        written = written.replace(microsecond=written.microsecond // 1000 * 1000)
        if written.tzinfo is not None:
            return written.astimezone(UTC)
        moment = written.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        shown = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise InvalidValue(name="scheduled_at", value=text, expected="2026-12-24T09:30:00") from None
    if shown != written:
        raise SkippedTime(value=text, timezone=zone, instead=shown.isoformat())
    return moment
