"""The command `outbound-campaigns`."""

from __future__ import annotations

import click

from outbound_campaigns.cli.group import Commands


@click.group(cls=Commands)
@click.version_option(package_name="outbound-campaigns")
def main() -> None:
    """Outbound WhatsApp campaigns beside Botpress v12, through Vonage."""
