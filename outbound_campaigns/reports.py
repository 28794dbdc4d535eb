"""What a campaign has come to: counts, rates, and its errors with what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns import campaigns
from outbound_campaigns.models import Campaign, ErrorCount, RefusedRow


@dataclass(frozen=True, slots=True)
class Report:
    campaign: Campaign
    counts: dict[str, int]
    errors: Sequence[ErrorCount]


def report(session: Session, campaign_id: int) -> Report:
    """Raises CampaignNotFound."""
    campaign = campaigns.get(session, campaign_id)
    return Report(campaign, campaign.counts, errors_of(session, campaign_id))


def errors_of(session: Session, campaign_id: int) -> Sequence[ErrorCount]:
    """Why recipients are failed or in doubt, the commonest first."""
    query = sa.select(ErrorCount).where(ErrorCount.campaign_id == campaign_id, ErrorCount.count > 0)
    return session.execute(query.order_by(ErrorCount.count.desc(), ErrorCount.code)).scalars().all()


def refused_rows(session: Session, import_id: int, most: int) -> Sequence[RefusedRow]:
    """The first refused rows of a file, in its order."""
    query = sa.select(RefusedRow).where(RefusedRow.import_id == import_id)
    return session.execute(query.order_by(RefusedRow.row).limit(most)).scalars().all()


def per_second(campaign: Campaign, now: datetime) -> float:
    """Messages a second since the start, as far as they have an outcome."""
    if campaign.started_at is None:
        return 0.0
    passed = (campaign.finished_at or now) - campaign.started_at
    done = campaign.counts["total"] - campaign.pending_count - campaign.sending_count
    return done / max(passed.total_seconds(), 0.001)
