"""The demo as a newcomer meets it: started, tried out with what it prints, stopped with Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

STARTS_WITHIN = 60.0
COMMAND = [sys.executable, "-m", "outbound_campaigns"]


@dataclass
class Demo:
    process: subprocess.Popen[bytes]
    folder: Path
    service: str
    simulator: str

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        """A line typed into another terminal."""
        sourced = f". {self.folder}/environment && {line}"
        return subprocess.run(["sh", "-c", sourced], capture_output=True, text=True, timeout=100)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    service, simulator = free_port(), free_port()
    command = [*COMMAND, "demo", "--folder", str(tmp_path / "demo"), "--simulator-port", str(simulator)]
    environ = os.environ | {"OUTBOUND_PORT": str(service)}
    with subprocess.Popen(command, env=environ, cwd=tmp_path) as process:
        urls = f"http://127.0.0.1:{service}", f"http://127.0.0.1:{simulator}"
        try:
            wait_for(f"{urls[0]}/api/v1/bots/demo-bot/mod/outbound-campaigns/ui/icon.svg")
            wait_for(f"{urls[1]}/_simulator/ledger")
            yield Demo(process, tmp_path / "demo", *urls)
        finally:
            process.kill()


def wait_for(url: str) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            requests.get(url, timeout=5).raise_for_status()
            return
        except requests.RequestException:
            assert time.monotonic() < end, f"{url} did not come up"
            time.sleep(0.2)


def test_the_printed_commands_work_and_ctrl_c_stops_everything(demo: Demo) -> None:
    command = " ".join(COMMAND)
    sent = demo.shell(
        f"{command} send --bot demo-bot --template promo_navidad --csv {demo.folder}/campaign.csv --watch"
    )
    assert sent.returncode == 0, sent.stdout + sent.stderr
    ledger = requests.get(f"{demo.simulator}/_simulator/ledger", timeout=5).json()
    assert (ledger["accepted"], ledger["numbers"]["distinct"]) == (2, 2)
    healthy = demo.shell(f"{command} doctor --bot demo-bot")
    assert healthy.returncode == 0, healthy.stdout
    assert "JWT" in healthy.stdout

    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(25) == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{demo.simulator}/_simulator/ledger", timeout=2)
    with pytest.raises(requests.ConnectionError):
        requests.get(demo.service, timeout=2)


def test_the_demos_page_logs_in_from_this_machine_alone(demo: Demo) -> None:
    home = requests.get(demo.service, timeout=5)
    assert (home.url, home.status_code) == (f"{demo.service}/demo", 200)
    assert "script-src 'self'" in home.headers["Content-Security-Policy"]
    session = requests.get(f"{demo.service}/demo/session", timeout=5).json()
    panel = requests.get(f"{demo.service}{session['panel']}", timeout=5)
    assert "<oc-panel>" in panel.text
    status = f"{demo.service}{session['panel']}".replace("/ui/", "/status")
    headers = {"Authorization": f"Bearer {session['token']}"}
    assert requests.get(status, headers=headers, timeout=5).json()["can_write"]
    elsewhere = requests.get(f"{demo.service}/demo/session", headers={"Host": "evil.example"}, timeout=5)
    assert elsewhere.status_code == 404


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        environ = os.environ | {"OUTBOUND_PORT": port, "LANG": "es"}
        done = subprocess.run(
            [*COMMAND, "demo", "--folder", str(tmp_path)], env=environ, capture_output=True, text=True
        )
    assert done.returncode == 1
    assert port in done.stderr
