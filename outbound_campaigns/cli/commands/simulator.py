"""`simulator`: a stand-in for Vonage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import click

from outbound_campaigns.runtime.parent_death import end_with_parent
from vonage_simulator import SimulatorConfig, from_json
from vonage_simulator import serve as serve_simulator

SIMULATOR_PORT = 8788


@click.command()
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A JSON file with accounts, templates and faults; without it any credentials pass.",
)
@click.option("--port", type=click.IntRange(0, 65535), help="0 for any free one.")
def simulator(config: Path | None, port: int | None) -> None:
    """Run a stand-in for Vonage that keeps a ledger of what it accepted."""
    end_with_parent()
    try:
        read = from_json(config) if config else SimulatorConfig(port=SIMULATOR_PORT)
    except ValueError as error:
        raise click.BadParameter(f"{config}: {error}", param_hint="--config") from None
    if port is not None:
        read = replace(read, port=port)
    asyncio.run(serve_simulator(read, click.echo))
