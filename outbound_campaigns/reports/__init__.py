"""Everything that only looks: pages, reports, costs, stalls, Prometheus."""
