"""Everything that only reads: pages, reports, costs, stalls, figures for Prometheus.

Others use: campaign_report, cost, forecast, pages, prometheus, stalls, workers.
"""
