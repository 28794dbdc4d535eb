"""Readers and exports beside a campaign that is sent: `python -m tests.whole.service.load [recipients]`."""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import requests

from outbound_campaigns.database.models import Campaign
from tests.support.running import Running, running

READERS, EXPORTS = 10, 2
SIZE, INTERVAL_MS = 200, 1000


@dataclass
class Load:
    """What was asked while the campaign was sent: seconds of each request, and what was wrong."""

    campaign: Campaign
    seconds: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def send_under_load(service: Running, recipients: int) -> Load:
    campaign_id = service.draft(recipients, batch_size=SIZE, batch_interval_ms=INTERVAL_MS)
    one = f"/campaigns/{campaign_id}"
    polled = ["/campaigns", one, f"{one}/report", f"{one}/recipients?status=sent", f"{one}/events", "/status"]
    load, ended = Load(service.installed.read(campaign_id)), threading.Event()
    threads = [
        threading.Thread(target=_ask, args=(service, paths, ended, load))
        for paths in [polled] * READERS + [[f"{one}/export"]] * EXPORTS
    ]
    service.move(campaign_id, "start")
    for thread in threads:
        thread.start()
    try:
        load.campaign = service.installed.wait_for_end(campaign_id, 600)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    return load


def _ask(service: Running, paths: Sequence[str], ended: threading.Event, load: Load) -> None:
    with requests.Session() as session:
        session.headers.update(service.headers)
        for path in cycle(paths):
            if ended.is_set():
                return
            began = time.monotonic()
            answer = session.get(service.url + path, timeout=30)
            load.seconds.append(time.monotonic() - began)
            if answer.status_code != 200:
                load.failures.append(f"{path}: {answer.status_code} {answer.text}")
            time.sleep(0.05)


def main(recipients: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with running(folder, f"sqlite:///{folder}/campaigns.sqlite") as service:
            load = send_under_load(service, recipients)
            service.installed.assert_window(load.campaign.id, SIZE, INTERVAL_MS / 1000)
            locked = service.log().count("locked")
    seconds = sorted(load.seconds)
    print(
        f"{load.campaign.status}, sent {load.campaign.sent_count} of {recipients}; {len(seconds)} requests, "
        f"median {seconds[len(seconds) // 2] * 1000:.0f} ms, longest {seconds[-1] * 1000:.0f} ms, "
        f"{len(load.failures)} failed, {locked} lines of a locked database"
    )
    return 1 if load.failures or locked or seconds[-1] > 1 else 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if sys.argv[1:] else 5_000))
