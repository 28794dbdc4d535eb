"""Prometheus's collector for the database: every figure is read when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from outbound_campaigns.database.transactions import UNAVAILABLE, Database, is_unavailable
from outbound_campaigns.domain.stall_causes import HELD, OBSTACLES
from outbound_campaigns.reports.prometheus import campaigns, queues, sending
from outbound_campaigns.reports.prometheus.scrape import PREFIX, Figures, Scrape
from outbound_campaigns.reports.stalls import AccessOf, general_cause

FIGURES: Sequence[Figures] = (
    campaigns.recipients,
    campaigns.campaigns,
    campaigns.paused,
    campaigns.errors,
    campaigns.queue,
    campaigns.waits,
    sending.engine,
    sending.paces,
    sending.breakers,
    queues.receipts,
    queues.refused_webhooks,
    queues.inbound,
    queues.imports,
)


class DatabaseCollector(Collector):
    """Collects all figures, or only `database_up` while the database does not answer.

    `secret` keys the short names of accounts and senders.
    """

    def __init__(self, database: Database, access_of: AccessOf, secret: str) -> None:
        self._database = database
        self._access_of = access_of
        self._secret = secret

    def describe(self) -> Iterable[Metric]:
        """Return nothing: creating the collector must not read names from the database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        try:
            return [_up(True), *self._figures()]
        except UNAVAILABLE as error:
            if not is_unavailable(error):
                raise
            return [_up(False)]

    def _figures(self) -> Iterator[Metric]:
        stop = general_cause(self._database)
        yield from _standing(stop.code if stop else None)
        if stop is not None and stop.code in OBSTACLES and stop.code != HELD:
            return  # its tables are not the ones that the figures need
        with self._database.read() as session:
            scrape = Scrape(session, self._database.now(session), stop, self._access_of, self._secret)
            for figures in FIGURES:
                yield from figures(scrape)


def _up(is_up: bool) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}database_up", "1 when the database answers.", value=is_up)


def _standing(code: str | None) -> Iterator[Metric]:
    info = GaugeMetricFamily(f"{PREFIX}build_info", "The version of the program.", labels=["version"])
    info.add_metric([version("outbound-campaigns")], 1)
    yield info
    yield GaugeMetricFamily(f"{PREFIX}engine_leads", "1 while an engine sends.", value=code is None)
    obstacle = GaugeMetricFamily(
        f"{PREFIX}obstacle",
        "1 for what keeps everything from being sent.",
        labels=["code"],
    )
    for one in OBSTACLES:
        obstacle.add_metric([one], one == code)
    yield obstacle
