"""The rows that follow their campaign: deleted, cancelled, over the limit, or to be sent again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import bulk_moves
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import CampaignStatus

CHUNK = 500
"""rows moved in one transaction, so that none lasts long"""

Step = Callable[[Session, int, datetime, int], int]
"""moves up to so many rows of a campaign, at a time; returns how many"""

_IS_CANCELLED = Campaign.status == CampaignStatus.CANCELLED

FOLLOWING: Sequence[tuple[sa.ColumnElement[bool], Step]] = (
    (sa.and_(Campaign.deleted_at.is_not(None), Campaign.started_at.is_(None)), bulk_moves.purge_some),
    (sa.and_(_IS_CANCELLED, Campaign.pending_count > 0), bulk_moves.cancel_some),
    (sa.and_(Campaign.status == CampaignStatus.RUNNING, Campaign.limit_reached), bulk_moves.skip_some),
    (sa.and_(~_IS_CANCELLED, Campaign.retry_failed_before.is_not(None)), bulk_moves.retry_some),
    (sa.and_(~_IS_CANCELLED, Campaign.resend_before.is_not(None)), bulk_moves.resend_some),
)
"""which campaigns have rows to move, and how"""
