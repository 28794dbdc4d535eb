"""Figures of what waits for the engine: receipts, replies and files, counted up to a bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from outbound_campaigns.database.models import (
    ForwardState,
    Import,
    InboundMessage,
    Receipt,
    ReceiptState,
    RefusedWebhook,
)
from outbound_campaigns.reports.prometheus.scrape import BOUND, PREFIX, Scrape


def receipts(scrape: Scrape) -> Iterator[Metric]:
    due = sa.and_(Receipt.state == ReceiptState.WAITING, Receipt.try_at <= scrape.now)
    text, since = "Receipts stored and due to be applied", Receipt.try_at
    yield from _queue(scrape, "receipts", text, since, due, Receipt.try_at)
    stored = CounterMetricFamily(f"{PREFIX}receipts_stored", "Receipts that were ever stored, nearly exact.")
    # Not a count: ids are given in turn, and never a second time.
    newest = scrape.session.execute(sa.select(sa.func.max(Receipt.id))).scalar_one()
    stored.add_metric([], newest or 0)
    yield stored


def refused_webhooks(scrape: Scrape) -> Iterator[Metric]:
    family = CounterMetricFamily(
        f"{PREFIX}webhooks_refused",
        "Webhooks that were turned away.",
        labels=["bot", "reason"],
    )
    columns = (RefusedWebhook.bot_id, RefusedWebhook.reason)
    query = sa.select(*columns, sa.func.sum(RefusedWebhook.count)).group_by(*columns)
    for bot, reason, count in scrape.session.execute(query):
        family.add_metric([bot, reason], count)
    yield family


def inbound(scrape: Scrape) -> Iterator[Metric]:
    waiting = InboundMessage.forward == ForwardState.WAITING
    text, since = "Messages of people that Botpress has not taken yet", InboundMessage.received_at
    yield from _queue(scrape, "inbound", text, since, waiting, InboundMessage.try_at)


def imports(scrape: Scrape) -> Iterator[Metric]:
    text = "Files being imported or waiting for it"
    yield from _queue(scrape, "imports", text, Import.created_at, Import.status == "running", Import.id)


def _queue(
    scrape: Scrape, name: str, text: str, since: Any, which: sa.ColumnElement[bool], order: Any
) -> Iterator[Metric]:
    """Yield how many wait, and how long the oldest has. `order` must be an index's, so that nothing sorts."""
    rows = sa.select(since.label("since")).where(which).order_by(order).limit(BOUND).subquery()
    query = sa.select(sa.func.count(), sa.func.min(rows.c.since))
    count, oldest = scrape.session.execute(query).one()
    age = scrape.age(oldest) if oldest else 0.0
    waiting, lag = f"{PREFIX}{name}_waiting", f"{PREFIX}{name}_lag_seconds"
    yield GaugeMetricFamily(waiting, f"{text}, at most {BOUND}.", value=count)
    yield GaugeMetricFamily(lag, f"{text}: so long the oldest has waited.", value=age)
