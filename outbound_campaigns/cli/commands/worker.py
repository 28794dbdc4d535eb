"""`worker`: one of the workers of a cluster."""

from __future__ import annotations

import click

from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.processes import become_family
from outbound_campaigns.cli.workers import must_be_ready


@click.command()
def worker() -> None:
    """Run one of the workers of OUTBOUND_ENGINE=cluster; as many as wanted, on any machines."""
    must_be_ready(read_settings())
    become_family(["engine"])
