"""A campaign goes out: each message once, the throttle kept, whatever Vonage does."""

import time

import pytest

from tests.support.installation import Installation, stop


def test_each_of_ten_thousand_is_accepted_once_within_its_windows(installed: Installation) -> None:
    installed.start_engine()
    campaign_id = installed.campaign(10_000, batch_size=1000, batch_interval_ms=1000)
    campaign = installed.wait_for_end(campaign_id, 120)
    assert campaign.status == "completed"
    assert campaign.sent_count == 10_000
    assert set(installed.accepted().values()) == {1}
    installed.assert_promise(campaign_id)
    installed.assert_window(campaign_id, 1000, 1.0)


@pytest.mark.alone
def test_a_hidden_capacity_is_found_and_no_recipient_pays_for_it(installed: Installation) -> None:
    installed.set_faults(capacity=300, server_error_share=0.01, reset_after_accept_share=0.01)
    installed.start_engine()
    campaign_id = installed.campaign(6000, batch_size=1000, batch_interval_ms=1000)
    campaign = installed.wait_for_end(campaign_id, 120)
    installed.assert_promise(campaign_id)
    assert campaign.sent_count + campaign.in_doubt_count == 6000
    assert 0 < campaign.in_doubt_count < 240
    ledger = installed.ledger()
    assert ledger["refused"]["429"] < 0.05 * ledger["requests"]
    assert settled_rate(installed) >= 0.9 * 300


def settled_rate(installed: Installation) -> float:
    """Requests a second, from five seconds after the first to the last full second."""
    times = sorted(installed.arrivals())
    settled = [at for at in times if times[0] + 5 <= at <= times[-1] - 2]
    return len(settled) / (settled[-1] - settled[0])


@pytest.mark.timeout(240)
def test_a_minute_of_503_puts_few_rows_in_doubt_and_ends_by_itself(installed: Installation) -> None:
    installed.set_pace(200)
    installed.set_faults(latency_ms=50)
    installed.start_engine()
    campaign_id = installed.campaign(1500, batch_size=10_000)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 300)
    installed.set_faults(server_error_share=1.0)
    time.sleep(60 if installed.database.is_sqlite else 15)
    before = installed.read(campaign_id)
    installed.set_faults(server_error_share=0.0)
    campaign = installed.wait_for_end(campaign_id, 120)
    in_flight = 200 * 0.05
    assert before.in_doubt_count <= 5 + 3 * in_flight
    assert campaign.in_doubt_count == before.in_doubt_count
    assert campaign.sent_count == 1500 - campaign.in_doubt_count
    installed.assert_promise(campaign_id)


def test_a_pause_is_followed_within_two_seconds_and_a_resume_goes_on(installed: Installation) -> None:
    installed.set_pace(100)
    installed.start_engine()
    campaign_id = installed.campaign(400, batch_size=10_000)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 50)
    paused_at = time.time()
    installed.operate(campaign_id, "pause")
    installed.wait(campaign_id, lambda campaign: campaign.sending_count == 0)
    time.sleep(2)
    assert max(installed.arrivals()) <= paused_at + 2
    installed.operate(campaign_id, "resume")
    assert installed.wait_for_end(campaign_id).sent_count == 400
    installed.assert_promise(campaign_id)


def test_the_account_running_out_of_money_pauses_with_the_reason(installed: Installation) -> None:
    installed.set_pace(100)
    installed.start_engine()
    campaign_id = installed.campaign(200, batch_size=10_000)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 20)
    installed.set_faults(payment_required=True)
    campaign = installed.wait_for_end(campaign_id)
    assert (campaign.status, campaign.failed_count) == ("paused", 0)
    assert campaign.status_reason is not None
    assert campaign.status_reason["answer"] == "http_402"
    # An answer that comes after the resume would pause it once more.
    installed.wait(campaign_id, lambda campaign: campaign.sending_count == 0)
    installed.set_faults(reset=True)
    installed.operate(campaign_id, "resume")
    assert installed.wait_for_end(campaign_id).sent_count == 200


def test_sigterm_lets_requests_in_flight_end_and_records_them(installed: Installation) -> None:
    installed.set_faults(latency_ms=1500)
    engine = installed.start_engine()
    campaign_id = installed.campaign(300)
    installed.wait(campaign_id, lambda campaign: campaign.sending_count > 0)
    time.sleep(0.3)
    assert stop(engine) < 20
    campaign = installed.read(campaign_id)
    assert (campaign.sending_count, campaign.in_doubt_count) == (0, 0)
    assert campaign.sent_count == len(installed.accepted()) > 0
    installed.assert_promise(campaign_id)


def test_batches_are_kept_across_a_restart(installed: Installation) -> None:
    engine = installed.start_engine()
    campaign_id = installed.campaign(150, batch_size=50, batch_interval_ms=3000)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count >= 20)
    stop(engine)
    installed.start_engine()
    assert installed.wait_for_end(campaign_id).sent_count == 150
    installed.assert_window(campaign_id, 50, 3.0)
