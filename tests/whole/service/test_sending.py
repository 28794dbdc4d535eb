"""A campaign that is watched, paused and exported while it is sent."""

import time

from tests.support.running import Running
from tests.whole.service.load import INTERVAL_MS, SIZE, send_under_load


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
    campaign_id = service.draft(3000, batch_size=SIZE, batch_interval_ms=INTERVAL_MS)
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
    # Those in flight: the next test sends to the same people.
    service.installed.wait(campaign_id, lambda campaign: campaign.sending_count == 0)
    service.installed.assert_window(campaign_id, SIZE, INTERVAL_MS / 1000)


def test_readers_and_exports_disturb_neither_the_throttle_nor_each_other(service: Running) -> None:
    service.installed.clear()
    load = send_under_load(service, 2000)
    assert load.failures == []
    assert len(load.seconds) > 50
    assert (load.campaign.status, load.campaign.sent_count) == ("completed", 2000)
    service.installed.assert_window(load.campaign.id, SIZE, INTERVAL_MS / 1000)
    service.installed.assert_promise(load.campaign.id)
    assert "locked" not in service.log()
