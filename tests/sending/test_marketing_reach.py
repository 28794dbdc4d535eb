"""Marketing never leaves for the United States: told before, skipped in the claim, and charged to nobody."""

import pytest

from outbound_campaigns.campaigns import spending
from outbound_campaigns.domain.codes.lookup import explain
from outbound_campaigns.domain.marketing_reach import reaches
from outbound_campaigns.sending.slice import Slice
from tests.support.spender import MEXICO, MakeSpender, Spender


def claimed(spender: Spender) -> int:
    found = spender.claim()
    return len(found.departures) if isinstance(found, Slice) else 0


@pytest.mark.parametrize(
    ("number", "category", "expected"),
    [
        ("+12025550123", "marketing", False),
        ("+14155550123", "marketing", False),
        ("+12025550123", "utility", True),
        ("+12025550123", "authentication", True),
        ("+14165550123", "marketing", True),  # Canada
        ("+18095550123", "marketing", True),  # Dominican Republic
        ("+18765550123", "marketing", True),  # Jamaica
        ("+5214422591631", "marketing", True),
        ("+5212025550123", "marketing", True),
        ("+34612345678", "marketing", True),
    ],
)
def test_only_marketing_to_the_united_states_is_out_of_reach(
    number: str, category: str, expected: bool
) -> None:
    assert reaches(number, category) is expected


def test_they_are_skipped_with_their_reason_and_the_others_go(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "US", "MX", "US"], 2 * MEXICO)
    with spender.database.read() as session:
        campaign = spender.campaign()
        assert spending.out_of_reach(session, campaign) == 2
        spending.must_be_priced(session, campaign, spender.prices)  # nothing is charged for them
    assert claimed(spender) == 2
    assert spender.statuses() == {"sending": 2, "skipped": 2}
    assert len(spender.attempts()) == 2
    spender.must_add_up()
    assert "Estados Unidos" in explain("marketing_to_us").reason.text("es")


def test_other_categories_reach_them(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "US"], template_category="utility")
    with spender.database.read() as session:
        assert spending.out_of_reach(session, spender.campaign()) == 0
    assert claimed(spender) == 2


def test_a_campaign_to_them_alone_ends_without_a_message(make_spender: MakeSpender) -> None:
    spender = make_spender(["US", "US"])
    assert claimed(spender) == 0
    assert (spender.campaign().status, spender.statuses()) == ("completed", {"skipped": 2})
