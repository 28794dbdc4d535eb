"""`retry-failed` over the API: whom it takes, whom it leaves out, why and until when."""

from __future__ import annotations

import pytest

from outbound_campaigns.domain.lifecycle import CampaignStatus
from tests.support.campaigns import set_rows
from tests.support.site import Site, body
from tests.web.api.test_moves import put_into

CODES = ("131026", "131049", "130472", "1300")


def with_codes(site: Site, *codes: str) -> int:
    people = "".join(f"+52144250{n:05},Ana {n},10\n" for n in range(len(codes)))
    campaign_id = site.started(f"phone_number,var1,var2\n{people}")
    for code in codes:
        set_rows(site.database, campaign_id, "failed", 1, code)
    put_into(site, campaign_id, CampaignStatus.COMPLETED)
    return campaign_id


def test_who_would_not_get_it_is_left_out_and_named(site: Site) -> None:
    campaign_id = with_codes(site, *CODES, "131000")
    plan = body(site.get(f"/campaigns/{campaign_id}/retry-failed"))
    senses = {cause["code"]: (cause["due"], cause["waiting"]) for cause in plan["causes"]}
    assert senses == {
        "131000": (1, 0),
        "131026": (0, 0),
        "131049": (0, 1),
        "130472": (0, 0),
        "1300": (0, 0),
    }
    assert [cause["due_from"] is not None for cause in plan["causes"] if cause["code"] == "131049"] == [True]
    again = body(site.post(f"/campaigns/{campaign_id}/retry-failed"))
    assert (again["status"], again["retry"]["taken"], again["retry"]["left_out"]) == ("running", 1, 4)


@pytest.mark.parametrize(
    ("codes", "asked", "code"),
    [
        (CODES, None, "nothing_to_retry_yet"),
        (("131026",), {}, "nothing_to_retry"),
        (("131026",), {"codes": ["1300"]}, "no_such_failure"),
        (("131049",), {"codes": ["131049"]}, "nothing_to_retry_yet"),
    ],
)
def test_a_retry_that_takes_nobody_is_refused(
    site: Site, codes: tuple[str, ...], asked: object, code: str
) -> None:
    campaign_id = with_codes(site, *codes)
    refused = site.post(f"/campaigns/{campaign_id}/retry-failed", asked)
    assert (refused.status_code, body(refused)["code"]) == (409, code)
    assert body(site.get(f"/campaigns/{campaign_id}"))["status"] == "completed"


def test_codes_and_classes_that_are_named_are_taken(site: Site) -> None:
    campaign_id = with_codes(site, *CODES)
    asked = {"codes": ["130472"], "classes": ["recipient"]}
    again = body(site.post(f"/campaigns/{campaign_id}/retry-failed", asked))
    taken = {cause["code"]: cause["taken"] for cause in again["retry"]["causes"]}
    assert taken == {"131026": 1, "131049": 0, "130472": 1, "1300": 1}


@pytest.mark.parametrize("asked", [{"codes": ["1"] * 101}, {"classes": ["rude"]}, {"codes": "1300"}])
def test_what_names_no_codes_is_refused(site: Site, asked: object) -> None:
    campaign_id = with_codes(site, *CODES)
    assert site.post(f"/campaigns/{campaign_id}/retry-failed", asked).status_code == 422
