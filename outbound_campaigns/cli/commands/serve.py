"""`serve`: the whole service on one machine."""

from __future__ import annotations

import click

from outbound_campaigns.cli.environment import read_settings
from outbound_campaigns.cli.processes import become_family
from outbound_campaigns.cli.starting import check_and_tell


@click.command()
def serve() -> None:
    """Run the service: the web process and, with OUTBOUND_ENGINE=embedded, one engine."""
    settings = read_settings()
    check_and_tell(settings)
    become_family(["web", "engine"] if settings.engine == "embedded" else ["web"])
