"""Reports a campaign's results: counts, rates, errors, replies, and what happened when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.counting import ON_TIMELINE
from outbound_campaigns.database.models import (
    Campaign,
    ErrorCount,
    InboundMessage,
    RefusedRow,
    ReplyKind,
    TimelineMinute,
)
from outbound_campaigns.database.transactions import instant
from outbound_campaigns.domain.lifecycle import RecipientStatus

_MINUTE = 60
BUCKETS = tuple(minutes * _MINUTE for minutes in (1, 5, 15, 60, 6 * 60, 24 * 60))
"""seconds that one point of a timeline may cover; each begins at a round time in UTC"""

_NO_OUTCOME = (
    RecipientStatus.PENDING,
    RecipientStatus.SENDING,
    RecipientStatus.SKIPPED,
    RecipientStatus.CANCELLED,
)

MOST_POINTS = 120
"""points of a timeline, unless its campaign lasts longer than this many days"""


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares (0 to 1) of the recipients whose message left or failed; whoever read it counts as delivered."""

    delivered: float
    read: float
    failed: float


@dataclass(frozen=True, slots=True)
class Point:
    """How many recipients reached each status between `at` and the next point's time."""

    at: datetime
    sent: int
    delivered: int
    read: int
    failed: int


@dataclass(frozen=True, slots=True)
class Report:
    campaign: Campaign
    counts: dict[str, int]
    rates: Rates
    errors: Sequence[ErrorCount]
    timeline: Sequence[Point]
    replies: Mapping[ReplyKind, int]


def report(session: Session, campaign_id: int) -> Report:
    """Return a campaign's report. Raises CampaignNotFound."""
    campaign = campaign_rows.get(session, campaign_id)
    return Report(
        campaign,
        campaign.counts,
        rates_of(campaign.counts),
        errors_of(session, campaign_id),
        timeline_of(session, campaign_id),
        replies_of(session, campaign_id),
    )


def rates_of(counts: Mapping[str, int]) -> Rates:
    left = sum(counts[status] for status in ("sent", "delivered", "read", "failed"))
    if not left:
        return Rates(0.0, 0.0, 0.0)
    delivered = counts["delivered"] + counts["read"]
    return Rates(delivered / left, counts["read"] / left, counts["failed"] / left)


def timeline_of(session: Session, campaign_id: int) -> Sequence[Point]:
    """Return what happened when, the earliest first; times in which nothing happened are left out."""
    of_campaign = TimelineMinute.campaign_id == campaign_id
    span = sa.select(sa.func.min(TimelineMinute.at), sa.func.max(TimelineMinute.at)).where(of_campaign)
    found = session.execute(span.having(sa.func.count() > 0)).first()
    if found is None:
        return []
    seconds = _bucket((found[1] - found[0]).total_seconds())
    since_1970 = sa.cast(sa.extract("epoch", TimelineMinute.at), sa.BigInteger)
    bucket = (since_1970 // seconds).label("bucket")
    sums = [sa.func.sum(getattr(TimelineMinute, status)) for status in ON_TIMELINE]
    query = sa.select(bucket, *sums).where(of_campaign).group_by(bucket).order_by(bucket)
    return [Point(instant(number * seconds), *map(int, row)) for number, *row in session.execute(query)]


def _bucket(span: float) -> int:
    """Return the shortest bucket that keeps a span of so many seconds within MOST_POINTS, or the longest."""
    fitting = (seconds for seconds in BUCKETS if span // seconds + 2 <= MOST_POINTS)
    return next(fitting, BUCKETS[-1])


def errors_of(session: Session, campaign_id: int) -> Sequence[ErrorCount]:
    """Return why recipients are failed, in doubt or skipped, the commonest reason first."""
    query = sa.select(ErrorCount).where(ErrorCount.campaign_id == campaign_id, ErrorCount.count > 0)
    return session.execute(query.order_by(ErrorCount.count.desc(), ErrorCount.code)).scalars().all()


def replies_of(session: Session, campaign_id: int) -> Mapping[ReplyKind, int]:
    """Return how many recipients wrote back, tapped a button, or asked for no more messages."""
    query = (
        sa.select(InboundMessage.kind, sa.func.count(InboundMessage.recipient_id.distinct()))
        .where(InboundMessage.campaign_id == campaign_id, InboundMessage.kind.is_not(None))
        .group_by(InboundMessage.kind)
    )
    counted = {ReplyKind(str(row[0])): int(row[1]) for row in session.execute(query)}
    return dict.fromkeys(ReplyKind, 0) | counted


def refused_rows(session: Session, import_id: int, most: int) -> Sequence[RefusedRow]:
    """Return the first refused rows of a file, in its order."""
    query = sa.select(RefusedRow).where(RefusedRow.import_id == import_id)
    return session.execute(query.order_by(RefusedRow.row).limit(most)).scalars().all()


def per_second(campaign: Campaign, now: datetime) -> float:
    """Return messages a second since the start; only recipients with an outcome count, not skipped ones."""
    if campaign.started_at is None:
        return 0.0
    passed = (campaign.finished_at or now) - campaign.started_at
    done = campaign.counts["total"] - sum(campaign.counts[status] for status in _NO_OUTCOME)
    return done / max(passed.total_seconds(), 1.0)
