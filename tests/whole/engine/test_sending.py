"""A campaign goes out: each message once, the throttle kept, whatever Vonage does."""

import os
import time

import pytest

from outbound_campaigns.sending.breaker import BAD_ANSWERS
from tests.support.installation import Installation, stop

IN_FLIGHT = 20
"""requests at once, at the most"""

OUTAGE = float(os.environ.get("TEST_OUTAGE", "8"))
"""seconds; TEST_OUTAGE=60 for the minute that has to be survived"""


def test_each_of_thousands_is_accepted_once_within_its_windows(installed: Installation) -> None:
    installed.start_engine()
    campaign_id = installed.campaign(3500, batch_size=1000, batch_interval_ms=1000)
    campaign = installed.wait_for_end(campaign_id, 120)
    assert campaign.status == "completed"
    assert campaign.sent_count == 3500
    assert set(installed.accepted().values()) == {1}
    installed.assert_promise(campaign_id)
    installed.assert_window(campaign_id, 1000, 1.0)


def test_a_hidden_capacity_is_found_and_no_recipient_pays_for_it(installed: Installation) -> None:
    installed.set_faults(capacity=300, server_error_share=0.01, reset_after_accept_share=0.01)
    installed.start_engine()
    campaign_id = installed.campaign(3000, batch_size=1000, batch_interval_ms=1000)
    campaign = installed.wait_for_end(campaign_id, 120)
    installed.assert_promise(campaign_id)
    assert campaign.sent_count + campaign.in_doubt_count == 3000
    assert 0 < campaign.in_doubt_count < 120
    ledger = installed.ledger()
    assert ledger["refused"]["429"] < 0.1 * ledger["requests"]


@pytest.mark.timeout(240)
def test_while_vonage_answers_503_few_rows_turn_in_doubt_and_it_ends_by_itself(
    installed: Installation,
) -> None:
    installed.set_pace(200)
    installed.set_faults(latency_ms=50)
    installed.start_engine(OUTBOUND_MAX_IN_FLIGHT=str(IN_FLIGHT))
    campaign_id = installed.campaign(1000, batch_size=10_000)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 200)
    installed.set_faults(server_error_share=1.0)
    installed.wait(campaign_id, lambda now: now.in_doubt_count >= BAD_ANSWERS and now.sending_count == 0)
    time.sleep(OUTAGE)
    before = installed.read(campaign_id)
    installed.set_faults(server_error_share=0.0)
    campaign = installed.wait_for_end(campaign_id, 120)
    # The fifth bad answer in a row stops the account: what is in flight by then is the most that can follow.
    assert before.in_doubt_count <= BAD_ANSWERS - 1 + IN_FLIGHT
    assert campaign.in_doubt_count == before.in_doubt_count
    assert campaign.sent_count == 1000 - campaign.in_doubt_count
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
    installed.set_faults(reset=True)
    # Answers on their way may pause it once more: each pause of an account is a transaction of its own.
    while campaign.status == "paused":
        installed.wait(campaign_id, lambda campaign: campaign.sending_count == 0)
        installed.operate(campaign_id, "resume")
        campaign = installed.wait_for_end(campaign_id)
    assert (campaign.status, campaign.sent_count) == ("completed", 200)


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
