"""Figures for Prometheus, read from the database at each scrape, so that every web process tells the same."""

from outbound_campaigns.reports.prometheus.collector import DatabaseCollector

__all__ = ["DatabaseCollector"]
