"""A stand-in for Vonage to run against: demo, tests, benchmarks."""

from outbound_campaigns.simulator.accounts import Account
from outbound_campaigns.simulator.config import SimulatorConfig, from_json, from_mapping
from outbound_campaigns.simulator.faults import Faults
from outbound_campaigns.simulator.receipts import ReceiptSettings
from outbound_campaigns.simulator.reports import ReportSettings
from outbound_campaigns.simulator.server import Simulator, serve
from outbound_campaigns.simulator.templates import Waba

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
