"""The figures that are kept, held against the rows; there must be no difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.counting import UNKNOWN_CODE, WITH_ERROR, shift_counts, shift_errors
from outbound_campaigns.lifecycle import RecipientStatus
from outbound_campaigns.models import Campaign, ErrorCount, Recipient


@dataclass(frozen=True, slots=True)
class Difference:
    """A campaign's count of a status, or of the errors with one code, that is not what its rows say."""

    campaign_id: int
    status: str
    kept: int
    counted: int
    code: str | None = None


def recount(session: Session) -> list[Difference]:
    """Compare what every campaign keeps with its rows."""
    return [*_recount_statuses(session), *_recount_errors(session)]


def mend(session: Session, differences: Iterable[Difference]) -> None:
    """Add what is missing to wrong counts; right also while others keep counting."""
    for difference in differences:
        delta = difference.counted - difference.kept
        if difference.code is None:
            shift_counts(session, difference.campaign_id, {RecipientStatus(difference.status): delta})
        else:
            shift_errors(session, difference.campaign_id, {(difference.status, difference.code): delta})


def _recount_statuses(session: Session) -> list[Difference]:
    """As one statement sees both."""
    kept = {status: getattr(Campaign, f"{status}_count") for status in RecipientStatus}
    query = (
        sa.select(Campaign.id, Recipient.status, sa.func.count(Recipient.id), *kept.values())
        .outerjoin(Recipient, Recipient.campaign_id == Campaign.id)
        .group_by(Campaign.id, Recipient.status, *kept.values())
    )
    rows: dict[int, Counter[str]] = {}
    counts: dict[int, Sequence[int]] = {}
    for campaign_id, status, count, *numbers in session.execute(query):
        rows.setdefault(campaign_id, Counter())[status] += count
        counts[campaign_id] = numbers
    return [
        Difference(campaign_id, status, number, rows[campaign_id][status])
        for campaign_id in sorted(counts)
        for status, number in zip(kept, counts[campaign_id], strict=True)
        if number != rows[campaign_id][status]
    ]


def _recount_errors(session: Session) -> list[Difference]:
    """As one statement sees both."""
    none = sa.literal(0)
    kept = sa.select(ErrorCount.campaign_id, ErrorCount.status, ErrorCount.code, ErrorCount.count, none)
    code = sa.func.coalesce(Recipient.error_code, sa.literal_column(f"'{UNKNOWN_CODE}'"))
    counted = (
        sa.select(Recipient.campaign_id, Recipient.status, code, none, sa.func.count())
        .where(Recipient.status.in_(WITH_ERROR))
        .group_by(Recipient.campaign_id, Recipient.status, code)
    )
    numbers: dict[tuple[int, str, str], Counter[str]] = {}
    for campaign_id, status, error, of_kept, of_rows in session.execute(sa.union_all(kept, counted)):
        both = numbers.setdefault((campaign_id, status, error), Counter())
        both["kept"] += of_kept
        both["rows"] += of_rows
    return [
        Difference(campaign_id, status, both["kept"], both["rows"], error)
        for (campaign_id, status, error), both in sorted(numbers.items())
        if both["kept"] != both["rows"]
    ]
