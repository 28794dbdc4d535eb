"""Figures for Prometheus, read from the database at each scrape, so that all web processes agree."""

from outbound_campaigns.reports.prometheus.collector import DatabaseCollector

__all__ = ["DatabaseCollector"]
