"""`demo`: the service with a stand-in for Vonage and a bot, to try things out."""

from __future__ import annotations

import os
from pathlib import Path

import click

from outbound_campaigns.cli.commands.simulator import SIMULATOR_PORT
from outbound_campaigns.cli.demo import run_demo
from outbound_campaigns.runtime.logs import log_to_stderr


@click.command()
@click.option("--folder", default="instance/demo", show_default=True, type=click.Path(path_type=Path))
@click.option("--simulator-port", default=SIMULATOR_PORT, show_default=True, type=click.IntRange(1, 65535))
def demo(folder: Path, simulator_port: int) -> None:
    """Run the service, a simulator and a demo bot, to try things out."""
    log_to_stderr("text")
    run_demo(os.environ, folder.resolve(), simulator_port)
