"""A campaign that is watched, paused and exported while it is sent."""

import threading
import time
from collections.abc import Iterator

import requests

from tests.service.running import Running

SIZE, INTERVAL = 200, 1000


def wait_until(service: Running, campaign_id: int, **wanted: object) -> dict[str, object]:
    end = time.monotonic() + 60
    while True:
        shown: dict[str, object] = service.ask("GET", f"/campaigns/{campaign_id}").json()
        if all(shown[name] == value for name, value in wanted.items()):
            return shown
        assert time.monotonic() < end, shown
        time.sleep(0.05)


def wait_for_sends(service: Running, campaign_id: int, sent: int) -> None:
    end = time.monotonic() + 30
    while service.installed.read(campaign_id).sent_count < sent:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_pause_stops_the_last_request_within_two_seconds(service: Running) -> None:
    service.installed.clear()
    campaign_id = service.draft(3000, batch_size=SIZE)
    service.move(campaign_id, "start")
    wait_for_sends(service, campaign_id, 100)
    paused_at = time.time()
    assert service.move(campaign_id, "pause")["status"] == "paused"
    time.sleep(3)
    assert max(service.installed.arrivals()) < paused_at + 2
    before = len(service.installed.arrivals())
    service.move(campaign_id, "resume")
    wait_for_sends(service, campaign_id, before + 100)
    service.move(campaign_id, "cancel")
    wait_until(service, campaign_id, status="cancelled")
    service.installed.assert_window(campaign_id, SIZE, INTERVAL / 1000)


def test_readers_and_exports_disturb_neither_the_throttle_nor_each_other(service: Running) -> None:
    service.installed.clear()
    campaign_id = service.draft(2000, batch_size=SIZE)
    failures: list[str] = []
    ended = threading.Event()
    threads = [
        threading.Thread(target=watch, args=(service, campaign_id, paths, ended, failures))
        for paths in [polled(campaign_id)] * 10 + [[f"/campaigns/{campaign_id}/export"]] * 2
    ]
    service.move(campaign_id, "start")
    for thread in threads:
        thread.start()
    try:
        campaign = service.installed.wait_for_end(campaign_id)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert (campaign.status, campaign.sent_count) == ("completed", 2000)
    service.installed.assert_window(campaign_id, SIZE, INTERVAL / 1000)
    service.installed.assert_promise(campaign_id)
    assert "locked" not in service.log()


def polled(campaign_id: int) -> list[str]:
    one = f"/campaigns/{campaign_id}"
    return ["/campaigns", one, f"{one}/report", f"{one}/recipients?status=sent", "/status"]


def watch(
    service: Running, campaign_id: int, paths: list[str], ended: threading.Event, failures: list[str]
) -> None:
    with requests.Session() as session:
        session.headers.update(service.headers)
        for path in forever(paths):
            if ended.is_set():
                return
            answer = session.get(service.url + path, timeout=30)
            if answer.status_code != 200:
                failures.append(f"{path}: {answer.status_code} {answer.text}")
            time.sleep(0.05)


def forever(paths: list[str]) -> Iterator[str]:
    while True:
        yield from paths
