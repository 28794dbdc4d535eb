"""Figures of the engine, and of the paces and breakers that it respects."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from outbound_campaigns.database.models import Breaker, Lease, Pace, Worker
from outbound_campaigns.engine.heartbeat import is_alive
from outbound_campaigns.engine.lease import LEASE
from outbound_campaigns.reports.prometheus.scrape import PREFIX, Scrape
from outbound_campaigns.sending.pace import account_key, ceiling, recent_ceilings


def engine(scrape: Scrape) -> Iterator[Metric]:
    heartbeat = GaugeMetricFamily(
        f"{PREFIX}engine_heartbeat_age_seconds", "Since an engine last renewed its lease."
    )
    query = sa.select(Lease.renewed_at).where(Lease.name == LEASE)
    renewed_at = scrape.session.execute(query).scalar_one_or_none()
    if renewed_at is not None:
        heartbeat.add_metric([], scrape.age(renewed_at))
    yield heartbeat
    alive = sa.select(sa.func.count()).select_from(Worker).where(is_alive(Worker.expires_at, scrape.now))
    yield GaugeMetricFamily(
        f"{PREFIX}workers",
        "Living workers; none where one embedded engine sends.",
        value=scrape.session.execute(alive).scalar_one(),
    )


def paces(scrape: Scrape) -> Iterator[Metric]:
    """Yield the paces of accounts and senders that were used within the last hour."""
    labels = ["scope", "key", "bots"]
    rate = GaugeMetricFamily(
        f"{PREFIX}pace_messages_per_second", "How fast an account, or a sender, may send now.", labels=labels
    )
    ratio = GaugeMetricFamily(
        f"{PREFIX}pace_ratio",
        "The pace as a part of its ceiling.",
        labels=labels,
    )
    at = scrape.now.timestamp()
    for pace in scrape.session.execute(sa.select(Pace)).scalars():
        bots = sorted(recent_ceilings(pace.ceilings, at))
        if bots:
            values = [pace.key.partition(":")[0], scrape.name_of(pace.key), ",".join(bots)]
            rate.add_metric(values, pace.per_second)
            ratio.add_metric(values, pace.per_second / ceiling(pace))
    yield rate
    yield ratio


def breakers(scrape: Scrape) -> Iterator[Metric]:
    family = GaugeMetricFamily(
        f"{PREFIX}breaker_open",
        "1 while an account's messages are held back, since Vonage does not answer properly.",
        labels=["key"],
    )
    for breaker in scrape.session.execute(sa.select(Breaker)).scalars():
        family.add_metric([scrape.name_of(account_key(breaker.access))], breaker.is_open)
    yield family
