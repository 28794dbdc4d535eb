"""Reads times as people write them: with an offset, or as local time in some zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from outbound_campaigns.domain import time_zones
from outbound_campaigns.domain.refusals.request import InvalidValue, SkippedTime

_FORM = "2026-12-24T09:30:00"

# A day alone is no time, and Python reads more than people mean: 09.30 as nine o'clock and a fraction.
_WRITTEN = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)?", re.ASCII
)


def read_instant(text: str, zone: str) -> datetime:
    """Return the moment in UTC, to the millisecond, of an ISO 8601 time; without an offset it is in `zone`.

    Where an hour comes twice, the first is meant; an offset chooses the other. Raises InvalidValue for a text
    that is no time, and SkippedTime for a time that a clock change leaves out.
    """
    if not _WRITTEN.fullmatch(text):
        raise InvalidValue(name="scheduled_at", value=text, expected=_FORM)
    try:
        written = datetime.fromisoformat(text)
        # Cut to what is shown, so that a time can be sent back as it was shown.
        written = written.replace(microsecond=written.microsecond // 1000 * 1000)
        if written.tzinfo is not None:
            return written.astimezone(UTC)
        moment = written.replace(tzinfo=time_zones.zone(zone)).astimezone(UTC)
        shown = moment.astimezone(time_zones.zone(zone)).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise InvalidValue(name="scheduled_at", value=text, expected=_FORM) from None
    if shown != written:
        raise SkippedTime(value=text, timezone=zone, instead=shown.isoformat())
    return moment
