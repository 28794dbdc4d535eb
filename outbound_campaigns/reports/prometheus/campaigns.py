"""Figures of campaigns and their recipients: sums of each campaign's stored counts, never counts of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from outbound_campaigns.database.models import Campaign, ErrorCount
from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.lifecycle import CampaignStatus, RecipientStatus
from outbound_campaigns.reports.prometheus.scrape import PREFIX, Scrape
from outbound_campaigns.reports.stalls import find_stalls, still_since

_BY_OPERATOR = "operator"

_RUNNING = Campaign.status == CampaignStatus.RUNNING


def recipients(scrape: Scrape) -> Iterator[Metric]:
    family = GaugeMetricFamily(f"{PREFIX}recipients", "Recipients by status.", labels=["bot", "status"])
    sums = [sa.func.sum(getattr(Campaign, f"{status}_count")) for status in RecipientStatus]
    for bot, *counts in scrape.session.execute(sa.select(Campaign.bot_id, *sums).group_by(Campaign.bot_id)):
        for status, count in zip(RecipientStatus, counts, strict=True):
            family.add_metric([bot, status], count)
    yield family


def campaigns(scrape: Scrape) -> Iterator[Metric]:
    family = GaugeMetricFamily(f"{PREFIX}campaigns", "Campaigns by status.", labels=["bot", "status"])
    query = sa.select(Campaign.bot_id, Campaign.status, sa.func.count()).where(Campaign.deleted_at.is_(None))
    found = {
        (bot, status): count
        for bot, status, count in scrape.session.execute(query.group_by(Campaign.bot_id, Campaign.status))
    }
    for bot in sorted({bot for bot, _ in found}):
        for status in CampaignStatus:
            family.add_metric([bot, status], found.get((bot, status), 0))
    yield family


def paused(scrape: Scrape) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        f"{PREFIX}paused_campaigns", "Paused campaigns by the reason's code.", labels=["bot", "reason"]
    )
    reason = sa.func.coalesce(Campaign.status_reason["code"].as_string(), _BY_OPERATOR)
    is_paused = sa.and_(Campaign.status == CampaignStatus.PAUSED, Campaign.deleted_at.is_(None))
    rows = sa.select(Campaign.bot_id.label("bot"), reason.label("reason")).where(is_paused).subquery()
    query = sa.select(rows.c.bot, rows.c.reason, sa.func.count()).group_by(rows.c.bot, rows.c.reason)
    for bot, code, count in scrape.session.execute(query):
        family.add_metric([bot, code], count)
    yield family


def errors(scrape: Scrape) -> Iterator[Metric]:
    labels = ["status", "code", "class"]
    text = "Recipients that are failed, in doubt or skipped, by code and its class."
    family = GaugeMetricFamily(f"{PREFIX}recipients_with_code", text, labels=labels)
    query = sa.select(ErrorCount.status, ErrorCount.code, sa.func.sum(ErrorCount.count))
    for status, code, count in scrape.session.execute(query.group_by(ErrorCount.status, ErrorCount.code)):
        family.add_metric([status, code, explain(code).code_class], count)
    yield family


def queue(scrape: Scrape) -> Iterator[Metric]:
    """Yield how many recipients running campaigns still have, and how long ago one of their messages left."""
    depth = GaugeMetricFamily(
        f"{PREFIX}queue_recipients", "Recipients pending or being sent in running campaigns.", labels=["bot"]
    )
    quiet = GaugeMetricFamily(
        f"{PREFIX}last_departure_age_seconds",
        "Since the last message left of the running campaign with pending recipients that waits longest, or "
        "since it was started or resumed.",
        labels=["bot"],
    )
    depths: Counter[str] = Counter()
    oldest: dict[str, datetime] = {}
    for campaign in scrape.session.execute(sa.select(Campaign).where(_RUNNING)).scalars():
        depths[campaign.bot_id] += campaign.pending_count + campaign.sending_count
        since = still_since(campaign, scrape.now)
        if since is not None and campaign.pending_count:
            oldest[campaign.bot_id] = min(since, oldest.get(campaign.bot_id, since))
    for bot, count in depths.items():
        depth.add_metric([bot], count)
    for bot, since in oldest.items():
        quiet.add_metric([bot], scrape.age(since))
    yield depth
    yield quiet


def waits(scrape: Scrape) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        f"{PREFIX}waiting_campaigns",
        "Campaigns of which nothing leaves though they should be sending, by cause (docs/api.md).",
        labels=["bot", "kind", "code"],
    )
    found = find_stalls(scrape.session, scrape.now, scrape.stop, scrape.access_of)
    counts = Counter((one.campaign.bot_id, one.cause.kind, one.cause.code) for one in found)
    for labels, count in counts.items():
        family.add_metric(list(labels), count)
    yield family
