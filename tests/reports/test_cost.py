"""What a campaign costs: what is known and what is guessed, kept apart; also before it starts."""

import pytest

from bot_config.prices import PriceTable
from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import OutcomeKind
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.reports.cost import Cost, CountryCost, estimate
from tests.support.files import HEADER, Files
from tests.support.spender import MEXICO, MakeSpender, Spender, table

COLOMBIA = 50_000


def cost_of(spender: Spender) -> Cost:
    with spender.database.read() as session:
        return estimate(session, campaign_rows.get(session, spender.campaign_id), spender.prices)


def test_a_draft_is_estimated_by_the_countries_of_its_recipients(database: Database, files: Files) -> None:
    files.take(HEADER + "4422591631,a\n4422591632,b\n+573101234567,c\n+34612345678,d\n+12025550123,e\n")
    with database.read() as session:
        found = estimate(session, files.campaign(), table(MX=MEXICO, CO=COLOMBIA))
    assert found == Cost(
        "USD",
        "marketing",
        0,
        0,
        2 * MEXICO + COLOMBIA,
        None,
        1,
        1,
        [
            CountryCost("MX", 2, MEXICO),
            CountryCost("CO", 1, COLOMBIA),
            CountryCost("ES", 1, None),
            CountryCost("US", 1, 0),
        ],
    )
    assert found.reason is None


def test_what_is_known_what_may_be_and_what_is_to_come_are_told_apart(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"] * 4 + ["CO"] * 2, 10**9)
    spender.claim(3)
    spender.answer(OutcomeKind.ACCEPTED, spender.open[:1])
    spender.answer(OutcomeKind.RECIPIENT_REFUSED, spender.open[:1])
    found = cost_of(spender)
    assert (found.committed, found.possible, found.limit) == (MEXICO, MEXICO, 10**9)
    assert found.estimated == 3 * MEXICO + 2 * COLOMBIA


def test_who_is_tried_again_is_guessed_at_the_mean_of_everybody(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "CO"])
    spender.claim()
    spender.answer(OutcomeKind.THROTTLED, spender.open)
    assert cost_of(spender).estimated == MEXICO + COLOMBIA


def test_when_nothing_is_to_come_the_estimate_is_what_was_spent(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX", "CO"])
    spender.claim()
    spender.answer(OutcomeKind.ACCEPTED, spender.open)
    found = cost_of(spender)
    assert (found.committed, found.possible, found.estimated) == (MEXICO + COLOMBIA, 0, MEXICO + COLOMBIA)


def test_without_a_table_there_is_no_estimate_but_a_way_to_one(make_spender: MakeSpender) -> None:
    spender = make_spender(["MX"], prices=None)
    found = cost_of(spender)
    assert (found.currency, found.estimated, found.unpriced) == (None, None, 1)
    assert found.reason is not None
    assert "config/outbound-campaigns.json" in found.reason.es


@pytest.mark.parametrize(("category", "estimated"), [("utility", 5), ("marketing", 7)])
def test_the_category_of_the_template_decides(
    make_spender: MakeSpender, category: str, estimated: int
) -> None:
    prices = PriceTable("USD", {"MX": {"marketing": 7, "utility": 5}})
    assert cost_of(make_spender(["MX"], prices=prices, template_category=category)).estimated == estimated


def test_the_category_in_the_accounts_list_goes_before_the_campaigns_own(database: Database) -> None:
    spender = Spender(database, table(MX=MEXICO))
    spender.begin(["MX"], None)
    with database.write() as session:
        campaign_rows.update(session, spender.campaign_id, status="draft")
        now = database.now(session)
        template = ResolvedTemplate("promo", "es_MX", category="utility")
        actions.start(session, spender.campaign_id, template, campaign_rows.Act("ana", now))
    assert spender.campaign().template_category == "utility"
