"""The settings that a simulator starts with, as values or as one JSON file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vonage_simulator.accounts import Account
from vonage_simulator.faults import Faults
from vonage_simulator.merging import merged
from vonage_simulator.receipts import ReceiptSettings
from vonage_simulator.reports import ReportSettings
from vonage_simulator.templates import Waba


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """Where to listen (port 0: any free one), the accounts known, and what goes wrong from the start.

    With no accounts, any well-formed credentials pass, and webhooks are signed with `signature_secret`
    (unsigned when it is empty). Equal seeds draw equal faults and receipts.
    """

    host: str = "127.0.0.1"
    port: int = 0
    accounts: tuple[Account, ...] = ()
    wabas: tuple[Waba, ...] = ()
    signature_secret: str = ""
    seed: int = 0
    faults: Faults = field(default_factory=Faults)
    receipts: ReceiptSettings = field(default_factory=ReceiptSettings)
    reports: ReportSettings = field(default_factory=ReportSettings)


def from_json(path: Path) -> SimulatorConfig:
    """Read the config from a JSON file whose keys are the fields; raises ValueError, OSError."""
    return from_mapping(json.loads(path.read_text(encoding="utf-8")))


def from_mapping(values: Mapping[str, Any]) -> SimulatorConfig:
    """Read the config from a JSON object; raises ValueError for an unknown key or a value of another type."""
    simple = {name: value for name, value in values.items() if name not in PARTS}
    parts = {name: build(values[name]) for name, build in PARTS.items() if name in values}
    return merged(SimulatorConfig(**parts), simple)


def _waba(item: Mapping[str, Any]) -> Waba:
    if item.keys() != {"id", "templates"}:
        raise ValueError("a waba has an id and templates")
    return Waba(item["id"], tuple(item["templates"]))


PARTS: dict[str, Any] = {
    "accounts": lambda items: tuple(merged(Account(), item) for item in items),
    "wabas": lambda items: tuple(_waba(item) for item in items),
    "faults": lambda item: merged(Faults(), item),
    "receipts": lambda item: merged(ReceiptSettings(), item),
    "reports": lambda item: merged(ReportSettings(), item),
}
