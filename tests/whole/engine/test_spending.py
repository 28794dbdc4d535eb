"""A real engine stops at the limit: exactly as many messages are accepted as it pays for."""

import pytest

from outbound_campaigns.campaigns import campaign_rows
from tests.support.installation import Installation

PRICE = 0.03
MONEY = 30_000
"""millionths, the same"""


def test_a_paused_campaign_has_spent_what_its_limit_allows_to_the_last_message(
    installed: Installation,
) -> None:
    installed.set_prices({"MX": PRICE})
    installed.set_faults(refuse_to_share=0.1)
    installed.start_engine()
    campaign_id = installed.campaign(400, spend_limit=100 * MONEY + 29_999)
    campaign = installed.wait_for_end(campaign_id)
    assert (campaign.status, (campaign.status_reason or {}).get("code")) == ("paused", "spend_limit")
    assert len(installed.accepted()) == campaign.sent_count == 100
    assert campaign.pending_count == 300 - campaign.failed_count > 0
    assert (campaign.spend_committed, campaign.spend_possible) == (100 * MONEY, 0)
    with installed.database.write() as session:
        campaign_rows.update(session, campaign_id, spend_limit=120 * MONEY)
    installed.operate(campaign_id, "resume")
    assert installed.wait_for_end(campaign_id).sent_count == 120
    installed.assert_promise(campaign_id)
    assert len(installed.accepted()) == 120


@pytest.mark.parametrize("recipients", [400, 2500])
def test_the_others_are_skipped_and_the_campaign_ends(installed: Installation, recipients: int) -> None:
    installed.set_prices({"MX": PRICE})
    installed.set_faults(refuse_to_share=0.1)
    installed.start_engine()
    campaign_id = installed.campaign(recipients, spend_limit=100 * MONEY, on_spend_limit="skip")
    campaign = installed.wait_for_end(campaign_id)
    assert campaign.status == "completed"
    assert len(installed.accepted()) == campaign.sent_count == 100
    assert campaign.skipped_count == recipients - 100 - campaign.failed_count > 0
    assert (campaign.spend_committed, campaign.spend_possible) == (100 * MONEY, 0)
    installed.assert_promise(campaign_id)


def test_what_is_in_doubt_counts_against_the_limit(installed: Installation) -> None:
    installed.set_prices({"MX": PRICE})
    installed.set_faults(reset_after_accept_share=0.05)
    installed.start_engine()
    campaign_id = installed.campaign(300, spend_limit=100 * MONEY)
    campaign = installed.wait_for_end(campaign_id)
    assert campaign.in_doubt_count > 0
    assert campaign.spend_committed + campaign.spend_possible == 100 * MONEY
    assert campaign.spend_possible == campaign.in_doubt_count * MONEY
    assert len(installed.accepted()) == 100
