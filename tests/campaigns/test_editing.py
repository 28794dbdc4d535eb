"""What of a campaign changes, when it no longer does, and what deleting and duplicating leave."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, bulk_moves, campaign_rows, editing, recounting, transitions
from outbound_campaigns.campaigns.campaign_rows import SETTINGS, Act, NewCampaign
from outbound_campaigns.campaigns.editing import JUDGED_BY
from outbound_campaigns.database.base import Base
from outbound_campaigns.database.models import Campaign, Event, Import, RefusedRow
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus
from outbound_campaigns.domain.reasons import reason_text
from outbound_campaigns.domain.refusals.request import CampaignNotFound
from outbound_campaigns.domain.refusals.state import FieldsLocked, IllegalMove, ImportUnderWay
from tests.support.campaigns import TEMPLATE, MakeCampaign, look, read, set_rows
from tests.support.everyone import chosen_for

VALUES: Mapping[str, Any] = {
    "name": "Otra",
    "template_id": "otra",
    "template_category": "utility",
    "template_language": "en",
    "template_components": [{"type": "body"}],
    "variables": ["nombre"],
    "values": {"body.1": {"column": "nombre"}},
    "sender_number": "5215550002222",
    "batch_size": 7,
    "batch_interval_ms": 2000,
    "max_attempts": 5,
    "spend_limit": 12_500_000,
    "on_spend_limit": "skip",
    "failure_share_limit": 0.2,
    "failure_minimum": 50,
    "canary_size": 10,
    "canary_wait_minutes": 60,
    "scheduled_at": datetime(2027, 1, 1, tzinfo=UTC),
    "timezone": "America/Bogota",
}
PACING = {
    "batch_size",
    "batch_interval_ms",
    "max_attempts",
    "spend_limit",
    "on_spend_limit",
    "failure_share_limit",
    "failure_minimum",
    "canary_wait_minutes",
}


def change(database: Database, campaign_id: int, **changes: Any) -> None:
    with database.write() as session:
        editing.change(session, campaign_id, changes, Act("ana", database.now(session)))


def locked(database: Database, campaign_id: int) -> set[str]:
    """The fields that can't be changed, each tried by itself."""
    refused: set[str] = set()
    for name, value in VALUES.items():
        try:
            change(database, campaign_id, **{name: value})
        except FieldsLocked as refusal:
            refused |= set(str(refusal.values["fields"]).split(", "))
    return refused


def act(database: Database, what: str, campaign_id: int, *arguments: Any) -> None:
    with database.write() as session:
        act = Act("ana", database.now(session))
        module = actions if hasattr(actions, what) else editing
        getattr(module, what)(session, campaign_id, *arguments, act, *chosen_for(what))


def events(database: Database, campaign_id: int) -> list[Event]:
    with database.read() as session:
        query = sa.select(Event).where(Event.campaign_id == campaign_id).order_by(Event.id)
        return list(session.execute(query).scalars())


def add_file(database: Database, campaign_id: int, **values: Any) -> int:
    with database.write() as session:
        now = database.now(session)
        values = {"path": "x", "status": "running", **values}
        added = Import(campaign_id=campaign_id, file_name="a.csv", size=1, created_at=now, **values)
        session.add(added)
        session.flush()
        return added.id


def test_every_field_of_a_draft_changes(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign()
    assert set(VALUES) == set(SETTINGS)
    change(database, campaign_id, **VALUES)
    campaign = read(database, campaign_id)
    assert {name: getattr(campaign, name) for name in SETTINGS} == VALUES


def test_once_started_only_name_pace_and_limits_change(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(running=True)
    assert locked(database, campaign_id) == set(SETTINGS) - {"name"} - PACING


@pytest.mark.parametrize("status", ["completed", "cancelled"])
def test_of_what_is_over_only_the_name_changes(
    database: Database, make_campaign: MakeCampaign, status: str
) -> None:
    campaign_id = make_campaign()
    with database.write() as session:
        campaign_rows.update(session, campaign_id, status=status)
    assert locked(database, campaign_id) == set(SETTINGS) - {"name"}


def test_a_scheduled_time_is_changed_by_unscheduling_first(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign()
    act(database, "schedule", campaign_id, database.read_clock() + timedelta(days=1))
    with pytest.raises(FieldsLocked, match="unschedule it first") as refused:
        change(database, campaign_id, scheduled_at=VALUES["scheduled_at"], name="x")
    assert "quite primero" in refused.value.text("es")
    assert refused.value.values["fields"] == "scheduled_at"
    assert locked(database, campaign_id) == {"scheduled_at"}


def test_what_an_import_judges_its_rows_by_stays_until_it_has_ended(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign()
    add_file(database, campaign_id)
    assert locked(database, campaign_id) == {*JUDGED_BY}


def test_a_locked_field_may_be_given_with_the_value_that_it_has(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(running=True)
    campaign = read(database, campaign_id)
    change(database, campaign_id, **{name: getattr(campaign, name) for name in SETTINGS})
    assert [event.what for event in events(database, campaign_id)] == ["create", "start"]


def test_a_refused_change_changes_nothing_and_names_all_that_is_locked(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(running=True)
    with pytest.raises(FieldsLocked, match="template_id, timezone can't be changed"):
        change(database, campaign_id, name="Otra", template_id="x", timezone="UTC")
    assert read(database, campaign_id).name == "Navidad"


def test_a_change_is_told_with_old_and_new_values_but_no_texts(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign()
    change(database, campaign_id, batch_size=7, variables=["nombre"], scheduled_at=VALUES["scheduled_at"])
    event = events(database, campaign_id)[-1]
    assert (event.what, event.who) == ("change", "ana")
    assert event.why == {
        "code": "change",
        "fields": "variables, batch_size, scheduled_at",
        "from": {"batch_size": 100, "scheduled_at": None},
        "to": {"batch_size": 7, "scheduled_at": "2027-01-01T00:00:00+00:00"},
    }
    assert reason_text(event.why, "en") == "Changed: variables, batch_size, scheduled_at."


@pytest.mark.parametrize("status", ["scheduled", "running"])
def test_a_campaign_at_work_is_not_deleted(
    database: Database, make_campaign: MakeCampaign, status: str
) -> None:
    campaign_id = make_campaign()
    with database.write() as session:
        campaign_rows.update(session, campaign_id, status=status)
    with pytest.raises(IllegalMove, match="can't do this now: delete"):
        act(database, "delete", campaign_id)


def test_a_campaign_is_not_deleted_while_a_file_is_imported(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign()
    add_file(database, campaign_id)
    with pytest.raises(ImportUnderWay):
        act(database, "delete", campaign_id)


def test_a_campaign_that_ever_started_is_hidden_and_its_rows_stay(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id = make_campaign(3, running=True)
    set_rows(database, campaign_id, "failed", 1)
    act(database, "pause", campaign_id)
    act(database, "retry_failed", campaign_id)
    act(database, "delete", campaign_id)
    look(database)
    hidden = read(database, campaign_id)
    assert (hidden.counts["total"], hidden.failed_count) == (3, 1)
    assert hidden.deleted_at is not None
    assert events(database, campaign_id)[-1].what == "delete"
    with database.write() as session:
        assert bulk_moves.purge_some(session, campaign_id, database.now(session), 10) == 0


@pytest.mark.parametrize("status", CampaignStatus)
@pytest.mark.parametrize("event", CampaignEvent)
def test_no_event_moves_a_hidden_campaign(
    database: Database, make_campaign: MakeCampaign, status: CampaignStatus, event: CampaignEvent
) -> None:
    campaign_id = make_campaign()
    with database.write() as session:
        now = database.now(session)
        campaign_rows.update(session, campaign_id, status=status, deleted_at=now)
        assert not transitions.move_campaign(session, campaign_id, event, Act("engine", now))


@pytest.mark.parametrize(
    ("what", "arguments"),
    [
        ("start", [TEMPLATE]),
        ("schedule", [VALUES["scheduled_at"]]),
        ("resume", []),
        ("cancel", []),
        ("retry_failed", []),
        ("delete", []),
        ("duplicate", []),
        ("change", [{}]),
    ],
)
def test_a_hidden_campaign_is_not_there_for_anybody(
    database: Database, make_campaign: MakeCampaign, what: str, arguments: list[Any]
) -> None:
    campaign_id = make_campaign()
    act(database, "delete", campaign_id)
    with pytest.raises(CampaignNotFound):
        act(database, what, campaign_id, *arguments)


def test_a_campaign_that_never_started_is_really_deleted_in_short_steps(
    database: Database, make_campaign: MakeCampaign, tmp_path: Path
) -> None:
    other = make_campaign(2)
    campaign_id = make_campaign(5)
    spooled = tmp_path / "left.csv"
    spooled.touch()
    import_id = add_file(database, campaign_id, path=str(spooled), status="failed")
    with database.write() as session:
        session.add_all(RefusedRow(import_id=import_id, row=n, code="duplicate") for n in range(2, 5))
    act(database, "delete", campaign_id)
    steps = []
    for _ in range(6):
        with database.write() as session:
            steps.append(bulk_moves.purge_some(session, campaign_id, database.now(session), 2))
            assert recounting.recount(session) == []
            if not steps[-1]:
                break
    assert steps == [2, 2, 1, 2, 1, 0]
    with database.read() as session:
        for model in (Campaign, Event, Import, RefusedRow):
            of_other = {Campaign: 1, Event: 1}.get(model, 0)
            assert session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one() == of_other
    assert not spooled.exists()
    assert read(database, other).counts["total"] == 2


@pytest.mark.parametrize("status", ["draft", "cancelled", "failed", "paused"])
def test_the_engine_deletes_what_is_left_of_it(
    database: Database, make_campaign: MakeCampaign, status: str
) -> None:
    campaign_id = make_campaign(3)
    with database.write() as session:
        campaign_rows.update(session, campaign_id, status=status)
    act(database, "delete", campaign_id)
    look(database)
    look(database)
    with database.read() as session:
        assert session.get(Campaign, campaign_id) is None


def test_a_duplicate_has_the_settings_alone(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(3)
    change(database, campaign_id, **VALUES)
    with database.write() as session:
        copy = editing.duplicate(session, campaign_id, Act("eva", database.now(session)))
    alike = set(SETTINGS) - {"name", "scheduled_at"}
    assert {name: getattr(copy, name) for name in alike} == {name: VALUES[name] for name in alike}
    assert (copy.name, copy.status, copy.scheduled_at, copy.created_by) == ("Otra (2)", "draft", None, "eva")
    assert (copy.counts["total"], copy.bot_id) == (0, "bot")
    assert copy.ref != read(database, campaign_id).ref


def test_a_duplicate_gets_the_next_free_number(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id = make_campaign(0)
    made = []
    with database.write() as session:
        act = Act("ana", database.now(session))
        for _ in range(3):
            made.append(editing.duplicate(session, campaign_id, act))
        made.append(editing.duplicate(session, made[0].id, act))
        made.append(editing.duplicate(session, campaign_id, act, "Mía"))
    assert [c.name for c in made] == ["Navidad (2)", "Navidad (3)", "Navidad (4)", "Navidad (5)", "Mía"]


def test_a_duplicates_name_is_no_longer_than_any_other(database: Database) -> None:
    with database.write() as session:
        now = database.now(session)
        original = campaign_rows.create(session, NewCampaign("bot", "á" * 200, "promo"), now)
        names = [editing.duplicate(session, original.id, Act("ana", now)).name for _ in range(2)]
    assert names == ["á" * 196 + " (2)", "á" * 196 + " (3)"]


def test_the_tables_of_a_deleted_campaign_are_all_thought_of() -> None:
    of_campaign = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "outbound_campaigns"
    }
    assert of_campaign == {
        "outbound_recipients",
        "outbound_imports",
        "outbound_events",
        "outbound_timeline",
        "outbound_error_counts",
        # Only of campaigns that sent, which are hidden and never purged.
        "outbound_reconciliations",
        "outbound_country_counts",
    }
