"""What a campaign has come to: counts, rates, and its errors with what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns import campaigns
from outbound_campaigns.lifecycle import RecipientStatus
from outbound_campaigns.models import Campaign, Recipient, RefusedRow

_WITH_ERROR = (RecipientStatus.FAILED, RecipientStatus.IN_DOUBT)


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """So many recipients ended in this status with this code."""

    status: str
    code: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    campaign: Campaign
    counts: dict[str, int]
    errors: list[ErrorCount]


def report(session: Session, campaign_id: int) -> Report:
    """Raises CampaignNotFound."""
    campaign = campaigns.get(session, campaign_id)
    query = (
        sa.select(Recipient.status, Recipient.error_code, sa.func.count())
        .where(Recipient.campaign_id == campaign_id, Recipient.status.in_(_WITH_ERROR))
        .group_by(Recipient.status, Recipient.error_code)
    )
    rows = session.execute(query).all()
    errors = [ErrorCount(status, code or "unknown", count) for status, code, count in rows]
    return Report(campaign, campaign.counts, sorted(errors, key=lambda error: -error.count))


def refused_rows(session: Session, import_id: int, most: int) -> Sequence[RefusedRow]:
    """The first refused rows of a file, in its order."""
    query = sa.select(RefusedRow).where(RefusedRow.import_id == import_id)
    return session.execute(query.order_by(RefusedRow.row).limit(most)).scalars().all()


@dataclass(frozen=True, slots=True)
class Difference:
    """A campaign's count that is not what its rows say."""

    campaign_id: int
    status: str
    kept: int
    counted: int


def recount(session: Session) -> list[Difference]:
    """Compare every campaign's counts with its rows, as one statement sees both."""
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


def mend(session: Session, differences: Iterable[Difference]) -> None:
    """Add what is missing to wrong counts; right also while others keep counting."""
    for difference in differences:
        delta = {RecipientStatus(difference.status): difference.counted - difference.kept}
        campaigns.shift_counts(session, difference.campaign_id, delta)


def per_second(campaign: Campaign, now: datetime) -> float:
    """Messages a second since the start, as far as they have an outcome."""
    if campaign.started_at is None:
        return 0.0
    passed = (campaign.finished_at or now) - campaign.started_at
    done = campaign.counts["total"] - campaign.pending_count - campaign.sending_count
    return done / max(passed.total_seconds(), 0.001)
