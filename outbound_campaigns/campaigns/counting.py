"""Keeps figures up to date by deltas: whatever moves recipients reports it here, in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Campaign, CountryCount, ErrorCount, TimelineMinute
from outbound_campaigns.database.statements import change, insert_or_add
from outbound_campaigns.domain.lifecycle import RecipientStatus

WITH_ERROR = (RecipientStatus.FAILED, RecipientStatus.IN_DOUBT, RecipientStatus.SKIPPED)
ON_TIMELINE = (
    RecipientStatus.SENT,
    RecipientStatus.DELIVERED,
    RecipientStatus.READ,
    RecipientStatus.FAILED,
)
UNKNOWN_CODE = "unknown"
"""stands for an error without a code"""


class State(NamedTuple):
    """The part of a recipient that is counted; its code only while it is failed, in doubt or skipped."""

    status: RecipientStatus
    code: str | None = None


class Tally:
    """The sum of the moves of one transaction, all of them in one campaign."""

    def __init__(self) -> None:
        self._counts: Counter[RecipientStatus] = Counter()
        self._errors: Counter[tuple[str, str]] = Counter()
        self._became: Counter[str] = Counter()

    def move(self, before: State, after: State, recipients: int = 1) -> None:
        """Add a move of this many recipients."""
        for state, sign in ((before, -1), (after, 1)):
            self._counts[state.status] += sign * recipients
            if state.status in WITH_ERROR:
                self._errors[state.status, state.code or UNKNOWN_CODE] += sign * recipients
        if after.status in ON_TIMELINE and after.status != before.status:
            self._became[after.status] += recipients

    def keep(self, session: Session, campaign: Campaign, now: datetime) -> None:
        """Add the sum to a locked campaign, which the caller flushes, and to its errors and timeline."""
        for status, delta in self._counts.items():
            name = f"{status}_count"
            setattr(campaign, name, getattr(campaign, name) + delta)
        shift_errors(session, campaign.id, self._errors)
        if any(self._became.values()):
            row = {status.value: self._became[status] for status in ON_TIMELINE}
            minute = now.replace(second=0, microsecond=0)
            insert_or_add(session, TimelineMinute, {"campaign_id": campaign.id, "at": minute, **row})


def shift_counts(session: Session, campaign_id: int, deltas: Mapping[RecipientStatus, int]) -> None:
    """Add to the counts of a campaign that need not be locked."""
    columns = {f"{status}_count": delta for status, delta in deltas.items() if delta}
    if columns:
        values = {name: getattr(Campaign, name) + delta for name, delta in columns.items()}
        change(session, sa.update(Campaign).where(Campaign.id == campaign_id).values(**values))


def forget(session: Session, campaign_id: int, gone: Mapping[State, int]) -> None:
    """Take deleted recipients out of the counts of a campaign, by their states."""
    counts: Counter[RecipientStatus] = Counter()
    errors: Counter[tuple[str, str]] = Counter()
    for state, count in gone.items():
        counts[state.status] -= count
        if state.status in WITH_ERROR:
            errors[state.status, state.code or UNKNOWN_CODE] -= count
    shift_counts(session, campaign_id, counts)
    shift_errors(session, campaign_id, errors)


def shift_errors(session: Session, campaign_id: int, deltas: Mapping[tuple[str, str], int]) -> None:
    """Add to the counts of a campaign's errors, by (status, code)."""
    rows = [
        {"campaign_id": campaign_id, "status": str(status), "code": code, "count": delta}
        for (status, code), delta in sorted(deltas.items())
        if delta
    ]
    if rows:
        insert_or_add(session, ErrorCount, *rows)


def shift_countries(
    session: Session,
    campaign_id: int,
    recipients: Mapping[str, int] = MappingProxyType({}),
    tried: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """Add to the counts of a campaign's recipients, and of those tried, by country.

    The campaign has to be locked before: the rows of its countries are locked only while it is.
    """
    rows = [
        {
            "campaign_id": campaign_id,
            "country": country,
            "recipients": recipients.get(country, 0),
            "tried": tried.get(country, 0),
        }
        for country in sorted({*recipients, *tried})
    ]
    if rows:
        insert_or_add(session, CountryCount, *rows)
