"""Runs a simulator and prints its URL: `python -m vonage_simulator --config FILE`."""

import argparse
import asyncio
import sys
from pathlib import Path

from vonage_simulator.config import SimulatorConfig, from_json
from vonage_simulator.server import serve


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="A stand-in for Vonage.")
    parser.add_argument("--config", type=Path, help="a JSON file; without it any credentials pass")
    path = parser.parse_args().config
    asyncio.run(serve(from_json(path) if path else SimulatorConfig(), _announce))


def _announce(url: str) -> None:
    sys.stdout.write(url + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
