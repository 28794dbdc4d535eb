"""Forecasts when a campaign will have tried everybody, as far as batches and pace decide it."""

from __future__ import annotations

from datetime import datetime, timedelta

from outbound_campaigns.campaigns import canary
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import CampaignStatus


def finish(campaign: Campaign, per_second: float, now: datetime) -> datetime | None:
    """Return when the last pending recipient will have been tried, at `per_second` within a batch.

    None when nothing is pending, when the campaign neither runs nor is scheduled, while a canary may still
    stop it, or beyond the calendar's end.
    """
    begins, room = _begins(campaign), canary.places_left(campaign)
    if begins is None or campaign.pending_count == 0 or per_second <= 0:
        return None
    if room is not None and room < campaign.pending_count:
        return None
    try:
        return max(begins, now) + timedelta(seconds=_lasts(campaign, per_second))
    except OverflowError:
        return None


def _begins(campaign: Campaign) -> datetime | None:
    if campaign.status == CampaignStatus.SCHEDULED:
        return campaign.scheduled_at
    if campaign.status == CampaignStatus.RUNNING:
        return campaign.next_batch_at or campaign.started_at
    return None


def _lasts(campaign: Campaign, per_second: float) -> float:
    """Return its seconds. Where the pace can't keep up with the batches, they follow without a gap."""
    full, in_last = divmod(campaign.pending_count - 1, campaign.batch_size)
    by_batches = full * campaign.batch_interval_ms / 1000 + (in_last + 1) / per_second
    return max(by_batches, campaign.pending_count / per_second)
