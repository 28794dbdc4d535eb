"""Starting and stopping: from a file, as a process, beside another."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.support.simulator_examples import BASIC, TIMEOUT, custom, send
from tests.support.simulator_process import running_simulator, simulator_in_a_process
from vonage_simulator import SimulatorConfig, from_json, from_mapping
from vonage_simulator.merging import merged

CONFIG: dict[str, Any] = {
    "port": 0,
    "seed": 5,
    "accounts": [{"api_key": BASIC[0], "api_secret": BASIC[1], "senders": ["5215550001111"], "balance": 3}],
    "wabas": [{"id": "1", "templates": [{"name": "promo", "language": "es"}]}],
    "faults": {"capacity": 50, "retry_after": 2},
    "receipts": {"failure_codes": ["1022"]},
}


def test_a_config_is_read_from_one_file(tmp_path: Path) -> None:
    path = tmp_path / "simulator.json"
    path.write_text(json.dumps(CONFIG), encoding="utf-8")
    config = from_json(path)
    assert (config.seed, config.accounts[0].balance, config.wabas[0].id) == (5, 3.0, "1")
    assert (config.faults.capacity, config.faults.retry_after) == (50.0, 2)
    assert config.receipts.failure_codes == ("1022",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"prot": 1}, "prot"),
        ({"port": "80"}, "port"),
        ({"port": True}, "port"),
        ({"accounts": [{"key": "x"}]}, "key"),
        ({"accounts": [{"senders": "5215550001111"}]}, "senders"),
        ({"accounts": [{"senders": [52]}]}, "senders"),
        ({"wabas": [{"id": "1"}]}, "waba"),
        ({"faults": {"latency_ms": None}}, "latency_ms"),
    ],
)
def test_a_mistake_in_the_config_is_refused_by_name(change: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        from_mapping(CONFIG | change)


def test_settings_without_changes_stay_as_they_are() -> None:
    assert merged(SimulatorConfig(), {}) == SimulatorConfig()


def test_two_run_beside_each_other_on_free_ports() -> None:
    with running_simulator() as one, running_simulator() as other:
        assert one.url != other.url
        assert send(one.url, custom()).status_code == 202
        assert (one.ledger.totals().accepted, other.ledger.totals().accepted) == (1, 0)


def test_a_port_that_is_taken_is_an_error() -> None:
    with running_simulator() as one:
        port = int(one.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"), running_simulator(SimulatorConfig(port=port)):
            pass


def test_it_runs_as_a_process_that_says_where_it_is() -> None:
    with simulator_in_a_process(CONFIG) as url:
        assert send(url, custom()).status_code == 202
        ledger = requests.get(f"{url}/_simulator/ledger", timeout=TIMEOUT).json()
    assert ledger["accepted"] == 1


def test_stopping_leaves_a_slow_answer_and_its_client_alone() -> None:
    with running_simulator() as running:
        running.faults.change({"slow_share": 1.0, "slow_seconds": 3600.0})
        with pytest.raises(requests.ReadTimeout):
            send(running.url, custom(), timeout=0.1)
    with pytest.raises(requests.ConnectionError):
        send(running.url, custom())
