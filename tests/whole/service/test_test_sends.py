"""Test messages through the whole service: the engine sends them, each once, in no count."""

from __future__ import annotations

import sqlalchemy as sa

from outbound_campaigns.database.models import TestSend
from tests.support.running import Running

NUMBER = "4425550199"


def test_a_test_arrives_and_counts_nowhere(service: Running) -> None:
    service.installed.clear()
    campaign_id = service.draft(2)
    answer = service.ask("POST", f"/campaigns/{campaign_id}/test-send", json={"phone_number": NUMBER})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["outcome"], answer.json()["phone_number"]) == ("accepted", f"+521{NUMBER}")
    assert service.installed.accepted() == {f"521{NUMBER}": 1}
    campaign = service.installed.read(campaign_id)
    assert (campaign.counts["pending"], campaign.status, campaign.window) == (2, "draft", [])
    with service.installed.database.read() as session:
        row = session.execute(sa.select(TestSend).where(TestSend.campaign_id == campaign_id)).scalar_one()
    assert row.custom is None
    assert service.ask("DELETE", f"/campaigns/{campaign_id}").status_code == 204


def test_what_vonage_refuses_is_explained(service: Running) -> None:
    campaign_id = service.draft(1)
    service.installed.set_faults(refuse_to_share=1.0)
    answer = service.ask("POST", f"/campaigns/{campaign_id}/test-send", json={"phone_number": NUMBER}).json()
    service.installed.set_faults(reset=True)
    assert (answer["outcome"], answer["error"]["code"]) == ("recipient_refused", "http_422_to")


def test_a_lost_answer_is_in_doubt_and_never_sent_again(service: Running) -> None:
    service.installed.clear()
    campaign_id = service.draft(1)
    service.installed.set_faults(reset_after_accept_share=1.0)
    answer = service.ask("POST", f"/campaigns/{campaign_id}/test-send", json={"phone_number": NUMBER}).json()
    service.installed.set_faults(reset=True)
    assert answer["outcome"] == "in_doubt"
    assert service.installed.accepted() == {f"521{NUMBER}": 1}


def test_ten_a_day_and_nobody_who_opted_out(service: Running) -> None:
    campaign_id = service.draft(1)
    place = f"/campaigns/{campaign_id}/test-send"
    service.ask("POST", "/opt-outs", json={"phone_number": "4425550111"})
    opted_out = service.ask("POST", place, json={"phone_number": "+52 442 555 0111"})
    assert (opted_out.status_code, opted_out.json()["code"]) == (409, "opted_out")
    outcomes = [service.ask("POST", place, json={"phone_number": NUMBER}) for _ in range(11)]
    assert [one.status_code for one in outcomes] == [200] * 10 + [409]
    assert outcomes[-1].json()["code"] == "too_many_tests"
