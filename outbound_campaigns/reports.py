"""What a campaign has come to: counts, rates, and its errors with what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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


def recount(session: Session, mend: bool = False) -> list[Difference]:
    """Compare every campaign's counts with its rows; with `mend`, put the rows' numbers in their place."""
    counted: dict[int, Counter[str]] = {}
    query = sa.select(Recipient.campaign_id, Recipient.status, sa.func.count())
    for campaign_id, status, count in session.execute(
        query.group_by(Recipient.campaign_id, Recipient.status)
    ):
        counted.setdefault(campaign_id, Counter())[status] = count
    differences = []
    for campaign in session.execute(sa.select(Campaign).order_by(Campaign.id).with_for_update()).scalars():
        for status in RecipientStatus:
            kept, found = campaign.counts[status], counted.get(campaign.id, Counter())[status]
            if kept != found:
                differences.append(Difference(campaign.id, status, kept, found))
                if mend:
                    setattr(campaign, f"{status}_count", found)
    return differences


def per_second(campaign: Campaign, now: datetime) -> float:
    """Messages a second since the start, as far as they have an outcome."""
    if campaign.started_at is None:
        return 0.0
    passed = (campaign.finished_at or now) - campaign.started_at
    done = campaign.counts["total"] - campaign.pending_count - campaign.sending_count
    return done / max(passed.total_seconds(), 0.001)
