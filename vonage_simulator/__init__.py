"""A stand-in for Vonage to run against: demo, tests, benchmarks."""

from vonage_simulator.accounts import Account
from vonage_simulator.config import SimulatorConfig, from_json, from_mapping
from vonage_simulator.faults import Faults
from vonage_simulator.receipts import ReceiptSettings
from vonage_simulator.reports import ReportSettings
from vonage_simulator.server import Simulator, serve
from vonage_simulator.templates import Waba

__all__ = [
    "Account",
    "Faults",
    "ReceiptSettings",
    "ReportSettings",
    "Simulator",
    "SimulatorConfig",
    "Waba",
    "from_json",
    "from_mapping",
    "serve",
]
