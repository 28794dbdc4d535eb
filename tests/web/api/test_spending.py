"""Prices, limits and costs over the API: amounts are numbers of the currency's units."""

from __future__ import annotations

from typing import Any

import pytest

from bot_config.prices import CATEGORIES, PriceTable
from tests.support.outcomes import ACCEPTED, LOST, REFUSED, end_with
from tests.support.site import BOT, Site, body

FILE = f"bots/{BOT}/config/outbound-campaigns.json"
PEOPLE = "phone_number,var1,var2\n4422591631,a,b\n4421234567,a,b\n4421234568,a,b\n+573101234567,a,b\n"
MEXICO = {"MX": {"marketing": 0.0305}}
SOON = {"scheduled_at": "2031-01-01T10:00:00Z"}


def set_prices(site: Site, countries: dict[str, Any]) -> None:
    site.data.write(FILE, {"prices": {"currency": "USD", "countries": countries}})


def cost(site: Site, campaign_id: int) -> dict[str, Any]:
    found: dict[str, Any] = body(site.get(f"/campaigns/{campaign_id}/report"))["cost"]
    return found


def test_a_drafts_report_says_what_it_will_cost(site: Site) -> None:
    set_prices(site, MEXICO)
    campaign_id = site.filled(PEOPLE, spend_limit=12.5)
    assert cost(site, campaign_id) == {
        "currency": "USD",
        "category": "marketing",
        "committed": 0.0,
        "possible": 0.0,
        "estimated": 0.0915,
        "limit": 12.5,
        "unpriced": 1,
        "out_of_reach": 0,
        "by_country": [
            {"country": "MX", "recipients": 3, "price": 0.0305},
            {"country": "CO", "recipients": 1, "price": None},
        ],
        "reason": None,
    }


def test_without_prices_the_report_says_how_to_have_costs(site: Site) -> None:
    found = cost(site, site.filled())
    assert (found["currency"], found["estimated"], found["limit"]) == (None, None, None)
    assert "«prices»" in found["reason"]


def test_what_was_spent_and_what_may_have_been_are_told_apart(site: Site) -> None:
    set_prices(site, {"*": 0.5})
    campaign_id = site.started(PEOPLE)
    prices = PriceTable("USD", {"*": dict.fromkeys(CATEGORIES, 500_000)})
    end_with(site.database, campaign_id, ACCEPTED, REFUSED, LOST, ACCEPTED, prices=prices)
    found = cost(site, campaign_id)
    assert (found["committed"], found["possible"], found["estimated"]) == (1.0, 0.5, 1.5)


@pytest.mark.parametrize("action", ["start", "schedule"])
def test_a_limit_without_prices_is_409_naming_countries_and_setting(site: Site, action: str) -> None:
    set_prices(site, MEXICO)
    campaign_id = site.filled(PEOPLE, spend_limit=1)
    body_of = SOON if action == "schedule" else None
    answer = site.post(f"/campaigns/{campaign_id}/{action}", body_of, headers={"Accept-Language": "en"})
    said = body(answer)
    assert (answer.status_code, said["code"]) == (409, "prices_missing")
    assert "marketing for CO" in said["message"]
    assert "prices in config/outbound-campaigns.json" in said["message"]
    assert body(site.get(f"/campaigns/{campaign_id}"))["status"] == "draft"
    assert "de marketing para CO" in body(site.post(f"/campaigns/{campaign_id}/{action}", body_of))["message"]
    set_prices(site, {**MEXICO, "*": 0.1})
    assert site.post(f"/campaigns/{campaign_id}/{action}", body_of).status_code == 200


def test_a_paused_campaign_is_not_resumed_without_the_prices_that_its_limit_needs(site: Site) -> None:
    campaign_id = site.started(PEOPLE)
    site.post(f"/campaigns/{campaign_id}/pause")
    site.put(f"/campaigns/{campaign_id}", {"spend_limit": 1, "on_spend_limit": "skip"})
    assert body(site.post(f"/campaigns/{campaign_id}/resume"))["code"] == "prices_missing"
    site.put(f"/campaigns/{campaign_id}", {"spend_limit": None})
    assert site.post(f"/campaigns/{campaign_id}/resume").status_code == 200


def test_a_limit_that_can_not_reckon_with_what_has_left_is_refused(site: Site) -> None:
    campaign_id = site.started(PEOPLE)
    end_with(site.database, campaign_id, REFUSED, ACCEPTED)
    site.post(f"/campaigns/{campaign_id}/retry-failed")
    set_prices(site, {"*": 0.5})
    for limit in (None, 3):
        answer = site.put(f"/campaigns/{campaign_id}", {"spend_limit": limit, "batch_size": 7})
        assert answer.status_code == (200 if limit is None else 409), answer.text
    assert body(answer)["code"] == "unpriced_messages"
    assert "4 mensajes sin precio" in body(answer)["message"]
    copy = body(site.post(f"/campaigns/{campaign_id}/duplicate"))["id"]
    assert site.put(f"/campaigns/{copy}", {"spend_limit": 3}).status_code == 200


def test_a_limit_may_follow_messages_that_had_a_price(site: Site) -> None:
    set_prices(site, {"*": 0.5})
    campaign_id = site.started(PEOPLE)
    prices = PriceTable("USD", {"*": dict.fromkeys(CATEGORIES, 500_000)})
    end_with(site.database, campaign_id, REFUSED, ACCEPTED, prices=prices)
    site.post(f"/campaigns/{campaign_id}/retry-failed")
    assert site.put(f"/campaigns/{campaign_id}", {"spend_limit": 3}).status_code == 200


def test_nobody_is_asked_for_prices_without_a_limit(site: Site) -> None:
    assert site.post(f"/campaigns/{site.filled()}/start").status_code == 200


def test_limit_and_category_are_kept_as_given(site: Site) -> None:
    campaign_id = site.create(spend_limit=0.0305, on_spend_limit="skip", template_category="utility")
    shown = body(site.get(f"/campaigns/{campaign_id}"))
    assert (shown["spend_limit"], shown["on_spend_limit"]) == (0.0305, "skip")
    assert shown["template_category"] == "utility"
    changed = body(site.put(f"/campaigns/{campaign_id}", {"spend_limit": 7}))
    assert changed["spend_limit"] == 7.0
    event = body(site.get(f"/campaigns/{campaign_id}/events"))["events"][0]
    assert event["details"]["from"] == {"spend_limit": 0.0305}
    copy = body(site.post(f"/campaigns/{campaign_id}/duplicate"))
    assert (copy["spend_limit"], copy["on_spend_limit"], copy["template_category"]) == (
        7.0,
        "skip",
        "utility",
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"on_spend_limit": "stop"}, "pause, skip"),
        ({"template_category": "MARKETING"}, "marketing, utility, authentication"),
        ({"spend_limit": 1e9 + 1}, "0 a"),
    ],
)
def test_other_values_are_refused_in_words(sqlite_site: Site, fields: dict[str, Any], said: str) -> None:
    answer = sqlite_site.post("/campaigns", {"name": "a", "template_id": "b", **fields})
    assert answer.status_code == 422
    assert said in str(body(answer)["details"])


def test_the_category_is_locked_once_started_and_the_limit_is_not(site: Site) -> None:
    campaign_id = site.started()
    assert site.put(f"/campaigns/{campaign_id}", {"template_category": "utility"}).status_code == 409
    answer = site.put(f"/campaigns/{campaign_id}", {"spend_limit": 3, "on_spend_limit": "skip"})
    assert answer.status_code == 200
