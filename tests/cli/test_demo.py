"""The demo as a newcomer meets it: started, tried out with what it prints, stopped with Ctrl-C."""

import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
import requests

from tests.support.demo import COMMAND, Demo


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
