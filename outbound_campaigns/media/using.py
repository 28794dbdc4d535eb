"""Finds out which campaigns may still send a file, by its name in what fills their templates."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.database.models import Campaign, Media
from outbound_campaigns.domain.lifecycle import CampaignStatus

_IS_OVER = Campaign.status.in_((CampaignStatus.COMPLETED, CampaignStatus.CANCELLED))
_PLACES = (Campaign.values, Campaign.filling, Campaign.template_components)


def first_campaign(session: Session, media: Media, ended_after: datetime | None = None) -> Campaign | None:
    """Return a campaign that may still send the file; with a time, also one that ended after it."""
    names_it = sa.or_(*(sa.cast(place, sa.Text).contains(media.name, autoescape=True) for place in _PLACES))
    may_send = ~_IS_OVER if ended_after is None else sa.or_(~_IS_OVER, Campaign.finished_at > ended_after)
    query = sa.select(Campaign).where(
        Campaign.bot_id == media.bot_id, Campaign.deleted_at.is_(None), may_send, names_it
    )
    return session.execute(query.order_by(Campaign.id).limit(1)).scalar()
