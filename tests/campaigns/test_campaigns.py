"""What an operator may do to a campaign, and what is refused, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, bulk_moves, campaign_rows, recounting, transitions
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Event, Import
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import CAMPAIGN_TRANSITIONS, CampaignEvent, CampaignStatus
from outbound_campaigns.domain.refusals.configuration import TemplateNotResolved
from outbound_campaigns.domain.refusals.request import CampaignNotFound
from outbound_campaigns.domain.refusals.state import (
    IllegalMove,
    ImportUnderWay,
    NothingFailed,
    NothingPending,
    NothingToSend,
)
from outbound_campaigns.reports import campaign_report
from tests.support.campaigns import TEMPLATE, MakeCampaign, read, set_rows
from tests.support.everyone import chosen_for


def act(database: Database, campaign_id: int, what: str, **arguments: Any) -> None:
    with database.write() as session:
        act = Act("ana", database.now(session), {"code": "asked"})
        getattr(actions, what)(session, campaign_id, *arguments.values(), act, *chosen_for(what))


@pytest.mark.parametrize("event", CampaignEvent)
@pytest.mark.parametrize("status", CampaignStatus)
def test_a_move_is_made_from_the_statuses_of_the_table_alone(
    database: Database, make_campaign: MakeCampaign, event: CampaignEvent, status: CampaignStatus
) -> None:
    campaign_id = make_campaign(1)
    with database.write() as session:
        campaign_rows.update(session, campaign_id, status=status)
        moved = transitions.move_campaign(session, campaign_id, event, Act("ana", database.now(session)))
    expected = CAMPAIGN_TRANSITIONS[event].get(status)
    assert moved is (expected is not None)
    assert read(database, campaign_id).status == (expected or status)


def test_every_move_leaves_an_event_that_says_who_and_why(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(running=True)
    act(database, campaign_id, "pause")
    with database.read() as session:
        events = session.execute(sa.select(Event).order_by(Event.id)).scalars().all()
    assert [event.what for event in events] == ["create", "start", "pause"]
    assert (events[-1].who, events[-1].why) == ("ana", {"code": "asked"})


def test_a_start_freezes_the_template(database: Database, make_campaign: MakeCampaign) -> None:
    campaign = read(database, make_campaign(running=True))
    assert (campaign.status, campaign.template_name) == ("running", "promo")
    assert campaign.started_at is not None


def test_a_start_without_recipients_is_refused(database: Database, make_campaign: MakeCampaign) -> None:
    with pytest.raises(NothingToSend):
        act(database, make_campaign(0), "start", template=TEMPLATE)


def test_a_start_while_a_file_is_imported_is_refused(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign()
    with database.write() as session:
        now = database.now(session)
        session.add(
            Import(campaign_id=campaign_id, file_name="pending.csv", path="x", size=1, created_at=now)
        )
    with pytest.raises(ImportUnderWay, match=r"pending\.csv"):
        act(database, campaign_id, "start", template=TEMPLATE)


def test_what_the_status_does_not_allow_is_refused_in_words(
    database: Database, make_campaign: MakeCampaign
) -> None:
    with pytest.raises(IllegalMove) as refused:
        act(database, make_campaign(), "pause")
    assert "en borrador" in refused.value.text("es")


def test_a_resume_with_nothing_pending_points_to_retry_failed(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(2, running=True)
    set_rows(database, campaign_id, "failed", 2)
    act(database, campaign_id, "pause")
    with pytest.raises(NothingPending, match="retry-failed"):
        act(database, campaign_id, "resume")


def test_a_cancelled_campaigns_rows_follow_in_chunks(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(5, running=True)
    act(database, campaign_id, "cancel")
    moved = [follow(database, campaign_id, bulk_moves.cancel_some) for _ in range(4)]
    assert moved == [2, 2, 1, 0]
    assert read(database, campaign_id).counts["cancelled"] == 5


def test_retry_failed_reopens_and_brings_the_failed_rows_back(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(5, running=True)
    set_rows(database, campaign_id, "failed", 3)
    set_rows(database, campaign_id, "sent", 2)
    with database.write() as session:
        assert transitions.finish_if_done(session, campaign_id, database.now(session))
    assert read(database, campaign_id).status == "completed"
    act(database, campaign_id, "retry_failed")
    assert [follow(database, campaign_id, bulk_moves.retry_some) for _ in range(3)] == [2, 1, 0]
    campaign = read(database, campaign_id)
    assert (campaign.status, campaign.pending_count, campaign.retry_failed_before) == ("running", 3, None)


def test_retry_failed_without_failures_is_refused(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(1, running=True)
    act(database, campaign_id, "pause")
    with pytest.raises(NothingFailed):
        act(database, campaign_id, "retry_failed")


def test_a_campaign_whose_every_recipient_was_refused_has_failed(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(2, running=True)
    set_rows(database, campaign_id, "failed", 2)
    with database.write() as session:
        transitions.finish_if_done(session, campaign_id, database.now(session))
    campaign = read(database, campaign_id)
    assert (campaign.status, campaign.status_reason) == ("failed", {"code": "every_recipient_refused"})


def test_an_account_in_trouble_pauses_its_own_running_campaigns_only(
    database: Database, make_campaign: MakeCampaign
) -> None:
    ids = [make_campaign(running=running) for running in (True, True, False)]
    with database.write() as session:
        campaign_rows.update(session, ids[0], account="one")
        campaign_rows.update(session, ids[1], account="two")
        paused = transitions.pause_account(session, "one", Act("guard", database.now(session)))
    assert paused == [ids[0]]
    assert [read(database, id_).status for id_ in ids] == ["paused", "running", "draft"]


def test_a_schedule_is_armed_and_taken_back(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign()
    at = database.read_clock() + timedelta(hours=1)
    act(database, campaign_id, "schedule", at=at)
    assert (read(database, campaign_id).status, read(database, campaign_id).scheduled_at) == ("scheduled", at)
    act(database, campaign_id, "unschedule")
    assert read(database, campaign_id).status == "draft"


def test_a_campaign_that_is_not_there_is_named(database: Database) -> None:
    with pytest.raises(CampaignNotFound, match="77"), database.read() as session:
        campaign_rows.get(session, 77)


def test_recount_finds_and_mends_a_wrong_count(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(3)
    with database.write() as session:
        campaign_rows.update(session, campaign_id, pending_count=5)
    with database.write() as session:
        (difference,) = recounting.recount(session)
        recounting.mend(session, [difference])
    assert (difference.status, difference.kept, difference.counted) == ("pending", 5, 3)
    with database.write() as session:
        assert recounting.recount(session) == []


def test_a_report_adds_up_and_groups_the_errors(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(4, running=True)
    set_rows(database, campaign_id, "failed", 3, "http_422_to")
    with database.read() as session:
        report = campaign_report.report(session, campaign_id)
    assert report.counts["total"] == sum(n for name, n in report.counts.items() if name != "total") == 4
    assert [(error.code, error.count) for error in report.errors] == [("http_422_to", 3)]


def follow(database: Database, campaign_id: int, step: Callable[..., int]) -> int:
    with database.write() as session:
        return step(session, campaign_id, database.now(session), 2)


def test_a_campaign_that_never_started_is_resumed_with_its_template_only(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign()
    act(database, campaign_id, "schedule", at=database.read_clock())
    act(database, campaign_id, "pause")
    with pytest.raises(TemplateNotResolved, match="promo"):
        act(database, campaign_id, "resume")
    with database.write() as session:
        actions.resume(session, campaign_id, Act("ana", database.now(session)), TEMPLATE)
    campaign = read(database, campaign_id)
    assert (campaign.status, campaign.template_name) == ("running", TEMPLATE.name)
    assert campaign.started_at is not None


def test_a_paused_campaign_keeps_its_reason_when_failed_rows_are_retried(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(2, running=True)
    set_rows(database, campaign_id, "failed", 1)
    act(database, campaign_id, "pause")
    act(database, campaign_id, "retry_failed")
    campaign = read(database, campaign_id)
    assert (campaign.status, campaign.status_reason) == ("paused", {"code": "asked"})
