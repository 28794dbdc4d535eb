"""A campaign moves as the table says; every other move is refused in words and changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import CAMPAIGN_TRANSITIONS, CampaignEvent, CampaignStatus
from outbound_campaigns.domain.names import ACTIONS, CAMPAIGN_STATUSES
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.watch import Watch
from outbound_campaigns.sending.preparation import Preparation, bots_of
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.web.api.service import EXTENSION
from tests.support.outcomes import REFUSED, end_with
from tests.support.site import ADMIN, Site, body

EVENTS = {
    "start": CampaignEvent.START,
    "pause": CampaignEvent.PAUSE,
    "resume": CampaignEvent.RESUME,
    "cancel": CampaignEvent.CANCEL,
    "schedule": CampaignEvent.SCHEDULE,
    "unschedule": CampaignEvent.UNSCHEDULE,
    "retry-failed": CampaignEvent.REOPEN,
}
ILLEGAL = [
    (status, action)
    for status in CampaignStatus
    for action, event in EVENTS.items()
    if status not in CAMPAIGN_TRANSITIONS[event]
]
SOON = {"scheduled_at": "2031-01-01T10:00:00Z"}


def put_into(site: Site, campaign_id: int, status: CampaignStatus) -> None:
    with site.database.write() as session:
        session.execute(sa.update(Campaign).where(Campaign.id == campaign_id).values(status=status))


@pytest.mark.parametrize(("status", "action"), ILLEGAL)
def test_an_illegal_move_is_409_with_words_and_changes_nothing(
    sqlite_site: Site, status: CampaignStatus, action: str
) -> None:
    campaign_id = sqlite_site.filled()
    put_into(sqlite_site, campaign_id, status)
    answer = sqlite_site.post(f"/campaigns/{campaign_id}/{action}", SOON if action == "schedule" else None)
    assert answer.status_code == 409, answer.text
    said = body(answer)
    assert (said["errorCode"], said["code"]) == ("BP_0049", "illegal_move")
    assert "no admite" in said["message"]
    assert CAMPAIGN_STATUSES[status].es in said["message"]
    assert f"«{ACTIONS[EVENTS[action]].es}»" in said["message"]
    shown = body(sqlite_site.get(f"/campaigns/{campaign_id}"))
    assert shown["status"] == status
    assert action not in shown["actions"]


@pytest.mark.parametrize("status", CampaignStatus)
def test_a_campaign_tells_the_actions_that_its_state_allows(
    sqlite_site: Site, status: CampaignStatus
) -> None:
    campaign_id = sqlite_site.filled()
    put_into(sqlite_site, campaign_id, status)
    with sqlite_site.database.write() as session:
        session.execute(sa.update(Campaign).where(Campaign.id == campaign_id).values(failed_count=1))
    told = body(sqlite_site.get(f"/campaigns/{campaign_id}"))["actions"]
    assert {action for action in EVENTS if action in told} == {
        action for action, event in EVENTS.items() if status in CAMPAIGN_TRANSITIONS[event]
    }
    assert ("edit" in told) == (status == "draft")
    assert "duplicate" in told
    assert sqlite_site.ask("DELETE", f"/campaigns/{campaign_id}").status_code == (
        204 if "delete" in told else 409
    )


def test_who_has_no_failed_recipients_is_not_told_to_retry(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.filled()
    put_into(sqlite_site, campaign_id, CampaignStatus.COMPLETED)
    assert "retry-failed" not in body(sqlite_site.get(f"/campaigns/{campaign_id}"))["actions"]


def test_a_campaign_lives_its_whole_life_over_the_api(site: Site) -> None:
    campaign_id = site.filled()

    def move(action: str) -> str:
        answer = site.post(f"/campaigns/{campaign_id}/{action}")
        assert answer.status_code == 200, answer.text
        status: str = body(answer)["status"]
        return status

    assert body(site.post(f"/campaigns/{campaign_id}/schedule", SOON))["status"] == "scheduled"
    assert move("unschedule") == "draft"
    assert move("start") == "running"
    assert move("pause") == "paused"
    assert move("resume") == "running"
    end_with(site.database, campaign_id, REFUSED)
    assert body(site.get(f"/campaigns/{campaign_id}"))["status"] == "failed"
    assert move("retry-failed") == "running"
    assert move("cancel") == "cancelled"
    events = body(site.get(f"/campaigns/{campaign_id}/events"))["events"]
    done = [event["what"] for event in reversed(events)]
    assert done == [
        "create",
        "import",
        "schedule",
        "unschedule",
        "start",
        "pause",
        "resume",
        "fail",
        "reopen",
        "cancel",
    ]
    assert {event["who"] for event in events} == {ADMIN, "engine"}
    assert all(event["why"] for event in events)


def test_a_start_without_recipients_is_409_in_words(site: Site) -> None:
    said = body(site.post(f"/campaigns/{site.create()}/start"))
    assert (said["statusCode"], said["code"]) == (409, "nothing_to_send")
    assert "CSV" in said["message"]


def test_a_start_during_an_import_is_409_in_words(site: Site) -> None:
    campaign_id = site.filled()
    assert site.upload(campaign_id, "phone_number\n5512345678\n").status_code == 202
    said = body(site.post(f"/campaigns/{campaign_id}/start"))
    assert (said["statusCode"], said["code"]) == (409, "import_under_way")
    assert "clientes.csv" in said["message"]


def test_a_schedule_while_the_first_file_comes_in_says_to_wait(site: Site) -> None:
    campaign_id = site.create()
    assert site.upload(campaign_id).status_code == 202
    said = body(site.post(f"/campaigns/{campaign_id}/schedule", SOON))
    assert (said["statusCode"], said["code"]) == (409, "import_under_way")
    site.import_now()
    assert site.post(f"/campaigns/{campaign_id}/schedule", SOON).status_code == 200


def test_an_illegal_schedule_of_an_empty_campaign_says_what_its_status_forbids(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.create()
    assert sqlite_site.post(f"/campaigns/{campaign_id}/cancel").status_code == 200
    assert body(sqlite_site.post(f"/campaigns/{campaign_id}/schedule", SOON))["code"] == "illegal_move"


def test_a_start_with_configuration_missing_lists_what_is_missing(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.filled()
    sqlite_site.data.write("global/config/outbound-campaigns.json", {})
    said = body(sqlite_site.post(f"/campaigns/{campaign_id}/start"))
    assert (said["statusCode"], said["code"]) == (409, "configuration_missing")
    assert "senderNumber" in said["message"]


@pytest.mark.parametrize("change", [{"template_id": "other"}, {"sender_number": "5215550002222"}])
def test_a_start_while_somebody_changes_what_is_looked_up_sends_neither(
    site: Site, change: dict[str, str]
) -> None:
    campaign_id = site.filled()
    service = site.app.extensions[EXTENSION]

    def slow(campaign: Campaign) -> ResolvedTemplate:
        found: ResolvedTemplate = service.prepare(campaign)
        with site.app.app_context():
            assert site.put(f"/campaigns/{campaign_id}", change).status_code == 200
        return found

    site.app.extensions[EXTENSION] = replace(service, prepare=slow)
    refused = site.post(f"/campaigns/{campaign_id}/start")
    assert (refused.status_code, body(refused)["code"]) == (409, "changed_meanwhile")
    assert body(site.get(f"/campaigns/{campaign_id}"))["status"] == "draft"
    assert site.post(f"/campaigns/{campaign_id}/start").status_code == 200


def test_a_resume_with_nothing_pending_says_what_to_use_instead(site: Site) -> None:
    campaign_id = site.started()
    end_with(site.database, campaign_id, REFUSED)
    put_into(site, campaign_id, CampaignStatus.PAUSED)
    english = {"Accept-Language": "en"}
    said = body(site.post(f"/campaigns/{campaign_id}/resume", headers=english))
    assert (said["statusCode"], said["code"]) == (409, "nothing_pending")
    assert "retry-failed" in said["message"]


def test_a_schedule_is_kept_as_an_instant_with_its_zone(site: Site) -> None:
    campaign_id = site.filled()
    wanted = {"scheduled_at": "2031-07-01T09:30:00", "timezone": "America/Bogota"}
    shown = body(site.post(f"/campaigns/{campaign_id}/schedule", wanted))
    assert (shown["scheduled_at"], shown["timezone"]) == ("2031-07-01T14:30:00.000Z", "America/Bogota")
    assert shown["eta"] > shown["scheduled_at"]


def test_a_schedule_takes_the_time_that_the_campaign_keeps(site: Site) -> None:
    campaign_id = site.filled(scheduled_at="2031-07-01T09:30:00Z")
    shown = body(site.post(f"/campaigns/{campaign_id}/schedule", {}))
    assert (shown["status"], shown["scheduled_at"]) == ("scheduled", "2031-07-01T09:30:00.000Z")


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({}, 409, "time_missing"),
        ({"scheduled_at": "2020-01-01T00:00:00Z"}, 409, "time_passed"),
        ({"scheduled_at": "2031-03-09T02:30:00", "timezone": "America/Tijuana"}, 422, "skipped_time"),
        ({"scheduled_at": "el lunes"}, 422, "invalid_value"),
    ],
)
def test_a_time_that_cannot_be_is_refused(
    sqlite_site: Site, wanted: dict[str, str], status: int, code: str
) -> None:
    campaign_id = sqlite_site.filled()
    answer = sqlite_site.post(f"/campaigns/{campaign_id}/schedule", wanted)
    assert (answer.status_code, body(answer)["code"]) == (status, code)
    assert body(sqlite_site.get(f"/campaigns/{campaign_id}"))["status"] == "draft"


def test_of_a_doubled_hour_the_first_is_meant(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.filled()
    wanted = {"scheduled_at": "2031-11-02T01:30:00", "timezone": "America/Tijuana"}
    shown = body(sqlite_site.post(f"/campaigns/{campaign_id}/schedule", wanted))
    assert shown["scheduled_at"] == "2031-11-02T08:30:00.000Z"


def watch(site: Site, grace: float) -> Watch:
    senders = BotSenders(bots_of(site.settings, {}))
    return Watch(site.database, Preparation(senders, "http://127.0.0.1:1", site.database), 35.0, grace)


def come_and_gone(site: Site) -> int:
    """A campaign whose time came ten minutes ago, while nothing ran."""
    campaign_id = site.filled()
    assert site.post(f"/campaigns/{campaign_id}/schedule", SOON).status_code == 200
    past = datetime.now(UTC) - timedelta(minutes=10)
    with site.database.write() as session:
        session.execute(sa.update(Campaign).where(Campaign.id == campaign_id).values(scheduled_at=past))
    return campaign_id


def test_a_schedule_that_came_while_the_service_was_down_starts_within_the_grace(site: Site) -> None:
    campaign_id = come_and_gone(site)
    watch(site, grace=900).start_due()
    assert body(site.get(f"/campaigns/{campaign_id}"))["status"] == "running"


def test_a_schedule_missed_by_more_than_the_grace_waits_for_an_operator_who_resumes_it(site: Site) -> None:
    campaign_id = come_and_gone(site)
    watch(site, grace=60).start_due()
    shown = body(site.get(f"/campaigns/{campaign_id}"))
    assert (shown["status"], shown["status_reason"]["code"]) == ("paused", "start_missed")
    assert "hora programada" in shown["status_reason"]["reason"]
    assert body(site.post(f"/campaigns/{campaign_id}/resume"))["status"] == "running"
