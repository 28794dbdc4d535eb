"""Asks processes to end by bursts of signals: each ends in time, with code 0, and nothing is in doubt."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from outbound_campaigns.runtime.ending import SIGNALS
from tests.support.installation import Installation
from tests.support.ports import free_port, wait_for

ENDS_WITHIN = 22.0
PANEL = "/api/v1/bots/demo-bot/mod/outbound-campaigns/ui/icon.svg"

Play = Callable[[Installation, random.Random], None]


def burst(pid: int, chance: random.Random) -> None:
    """Send 2 to 60 signals, 0 to 200 µs apart."""
    for _ in range(chance.randrange(2, 61)):
        with suppress(ProcessLookupError):
            os.kill(pid, chance.choice(SIGNALS))
        until = time.perf_counter() + chance.random() * 200e-6
        while time.perf_counter() < until:
            pass


def started(installed: Installation, *command: str, **environ: str) -> subprocess.Popen[bytes]:
    with (installed.folder / "signals.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            env=installed.environ | environ,
            cwd=installed.folder,
            stdout=log,
            stderr=log,
        )


def assert_ends(process: subprocess.Popen[bytes], chance: random.Random) -> None:
    try:
        burst(process.pid, chance)
        assert process.wait(ENDS_WITHIN) == 0
    finally:
        process.kill()
        process.wait()


def end_while_sending(
    installed: Installation, process: subprocess.Popen[bytes], chance: random.Random
) -> None:
    """Let a campaign be on its way when the burst comes."""
    installed.clear()
    installed.set_pace(100)
    campaign_id = installed.campaign(400, batch_size=10_000)
    try:
        installed.wait(campaign_id, lambda campaign: campaign.sent_count > 5)
        assert_ends(process, chance)
    finally:
        process.kill()
    campaign = installed.read(campaign_id)
    assert (campaign.in_doubt_count, campaign.sending_count) == (0, 0)
    installed.assert_promise(campaign_id)
    installed.operate(campaign_id, "cancel")


def engine(installed: Installation, chance: random.Random) -> None:
    end_while_sending(installed, started(installed, "outbound_campaigns.engine"), chance)


def worker(installed: Installation, chance: random.Random) -> None:
    end_while_sending(installed, started(installed, "outbound_campaigns", "worker"), chance)


def serve(installed: Installation, chance: random.Random) -> None:
    port = str(free_port())
    process = started(installed, "outbound_campaigns", "serve", OUTBOUND_PORT=port)
    wait_for(f"http://127.0.0.1:{port}{PANEL}")
    end_while_sending(installed, process, chance)


def simulator(installed: Installation, chance: random.Random) -> None:
    port = str(free_port())
    process = started(installed, "outbound_campaigns", "simulator", "--port", port)
    wait_for(f"http://127.0.0.1:{port}/_simulator/ledger")
    assert_ends(process, chance)


def demo(installed: Installation, chance: random.Random) -> None:
    """As `make run` starts it: with a make in between, which passes signals on."""
    port, other = str(free_port()), str(free_port())
    options = ("--folder", str(installed.folder / "demo"), "--simulator-port", other)
    process = started(installed, "outbound_campaigns", "demo", *options, OUTBOUND_PORT=port)
    wait_for(f"http://127.0.0.1:{port}{PANEL}")
    assert_ends(process, chance)


EMBEDDED: Mapping[str, Play] = {"engine": engine, "serve": serve, "simulator": simulator, "demo": demo}
