"""Processes that live and end together."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PARENT = """
import os, sys
from outbound_campaigns.cli.processes import Family, Program
child = "import pathlib, os, time; pathlib.Path({file!r}).write_text(str(os.getpid())); time.sleep(60)"
Family([Program("child", [sys.executable, "-c", child])], os.environ).run()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_no_process_outlives_the_command_that_started_it(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, "-c", PARENT.replace("{file!r}", repr(str(file)))])
    while not (file.exists() and file.read_text()):
        time.sleep(0.02)
    parent.send_signal(number)
    parent.wait(30)
    assert not Path(f"/proc/{file.read_text()}").exists()
