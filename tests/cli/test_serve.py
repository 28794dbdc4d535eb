"""The service keeps its processes alive, and ends them in order."""

import signal
import subprocess
import sys
import time

import psutil

from tests.support.ports import free_port, wait_for
from tests.support.terminal import Terminal

PANEL = "/api/v1/bots/demo-bot/mod/outbound-campaigns/ui/icon.svg"


def engine_of(service: psutil.Process) -> psutil.Process | None:
    for child in service.children():
        if "outbound_campaigns.engine" in child.cmdline():
            return child
    return None


def test_a_killed_engine_is_started_again_and_sigterm_ends_everything(terminal: Terminal) -> None:
    port = free_port()
    environ = terminal.installed.environ | {"OUTBOUND_PORT": str(port)}
    command = [sys.executable, "-m", "outbound_campaigns", "serve"]
    with subprocess.Popen(command, env=environ, cwd=terminal.installed.folder) as service:
        try:
            wait_for(f"http://127.0.0.1:{port}{PANEL}")
            process = psutil.Process(service.pid)
            first = engine_of(process)
            assert first is not None
            campaign_id = terminal.installed.campaign(50, batch_size=10, batch_interval_ms=500)
            terminal.installed.wait(campaign_id, lambda campaign: campaign.sent_count > 0)
            first.kill()
            campaign = terminal.installed.wait_for_end(campaign_id)
            assert campaign.status == "completed"
            terminal.installed.assert_promise(campaign_id)
            children = process.children(recursive=True)
            service.send_signal(signal.SIGTERM)
            assert service.wait(22) == 0
            time.sleep(0.2)
            assert not [child for child in children if child.is_running()]
        finally:
            service.kill()


def test_nothing_is_left_of_a_service_that_was_killed(terminal: Terminal) -> None:
    port = free_port()
    environ = terminal.installed.environ | {"OUTBOUND_PORT": str(port)}
    command = [sys.executable, "-m", "outbound_campaigns", "serve"]
    with subprocess.Popen(command, env=environ, cwd=terminal.installed.folder) as service:
        wait_for(f"http://127.0.0.1:{port}{PANEL}")
        children = psutil.Process(service.pid).children(recursive=True)
        assert len(children) >= 3
        service.kill()
    _, alive = psutil.wait_procs(children, timeout=25)
    assert alive == []
