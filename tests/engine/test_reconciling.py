"""The schedule of reconciliation: off by default, else each campaign with rows in doubt from time to time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot_config.accounts import Account
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Campaign, Reconciliation
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.engine.reconciling import Reconciling
from outbound_campaigns.runtime.settings import Settings
from outbound_campaigns.sending.preparation import bots_of
from outbound_campaigns.vonage.senders import BotSenders
from tests.support.campaigns import MakeCampaign, make_campaign
from tests.support.data_folder import DataFolder
from tests.support.outcomes import ACCEPTED, LOST, end_with
from tests.support.site import BOT, CHANNEL

__all__ = ["make_campaign"]

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "data")
    folder.add_channel(CHANNEL)
    return folder


@pytest.fixture
def reconciling(database: Database, data: DataFolder) -> Reconciling:
    senders = BotSenders(bots_of(Settings(botpress_data_dir=data.path), {}))
    return Reconciling(database, senders, NOWHERE)


def set_hours(data: DataFolder, hours: float | None) -> None:
    content = {"senderNumber": "5215550001111", "reconcileEveryHours": hours}
    data.write(f"bots/{BOT}/config/outbound-campaigns.json", content)


def queued(database: Database) -> list[tuple[int, str]]:
    with database.read() as session:
        query = sa.select(Reconciliation.campaign_id, Reconciliation.requested_by).order_by(Reconciliation.id)
        return [(row[0], row[1]) for row in session.execute(query)]


@pytest.fixture
def in_doubt(database: Database, make_campaign: MakeCampaign) -> int:
    """A campaign of the bot with a row in doubt, beside one without."""
    ids = [make_campaign(2, running=True) for _ in range(2)]
    end_with(database, ids[0], ACCEPTED, LOST)
    end_with(database, ids[1], ACCEPTED)
    with database.write() as session:
        session.execute(sa.update(Campaign).values(bot_id=BOT, account=CHANNEL["apiKey"]))
    return ids[0]


def test_nothing_is_asked_by_itself_unless_the_bot_says_so(
    database: Database, data: DataFolder, reconciling: Reconciling, in_doubt: int
) -> None:
    set_hours(data, None)
    reconciling.schedule()
    assert queued(database) == []
    set_hours(data, 6)
    reconciling.schedule()
    assert queued(database) == [(in_doubt, "engine")]


def test_it_comes_again_after_the_hours_and_never_beside_another(
    database: Database, data: DataFolder, reconciling: Reconciling, in_doubt: int
) -> None:
    set_hours(data, 6)
    reconciling.schedule()
    reconciling.schedule()
    end_passes(database, timedelta(hours=5))
    reconciling.schedule()
    assert len(queued(database)) == 1
    end_passes(database, timedelta(hours=7))
    reconciling.schedule()
    assert queued(database) == [(in_doubt, "engine")] * 2


def test_a_campaign_that_ended_long_ago_or_is_deleted_is_left_alone(
    database: Database, data: DataFolder, reconciling: Reconciling, in_doubt: int
) -> None:
    set_hours(data, 6)
    with database.write() as session:
        now = database.now(session)
        campaign_rows.update(session, in_doubt, finished_at=now - timedelta(days=31))
    reconciling.schedule()
    with database.write() as session:
        campaign_rows.update(session, in_doubt, finished_at=now, deleted_at=now)
    reconciling.schedule()
    assert queued(database) == []


def test_a_bot_that_can_not_be_asked_for_fails_its_pass_and_no_other(
    database: Database, data: DataFolder, reconciling: Reconciling, in_doubt: int
) -> None:
    set_hours(data, 6)
    reconciling.schedule()
    data.add_channel({**CHANNEL, "enabled": False})
    reconciling.work()
    with database.read() as session:
        (row,) = session.execute(sa.select(Reconciliation)).scalars().all()
    assert (row.campaign_id, row.status) == (in_doubt, "failed")
    assert row.error is not None
    assert row.error["code"] == "configuration_missing"


def test_a_campaign_that_is_settled_meanwhile_keeps_no_other_from_its_turn(
    database: Database, data: DataFolder, make_campaign: MakeCampaign, in_doubt: int
) -> None:
    other = make_campaign(1, running=True)
    end_with(database, other, LOST)
    with database.write() as session:
        campaign_rows.update(session, other, bot_id=BOT, account=CHANNEL["apiKey"])
    set_hours(data, 6)

    class Settling(BotSenders):
        def account(self, bot_id: str) -> Account:
            with database.write() as session:
                campaign_rows.update(session, in_doubt, in_doubt_count=0)
            return super().account(bot_id)

    senders = Settling(bots_of(Settings(botpress_data_dir=data.path), {}))
    Reconciling(database, senders, NOWHERE).schedule()
    assert queued(database) == [(other, "engine")]


def end_passes(database: Database, ago: timedelta) -> None:
    with database.write() as session:
        at = database.now(session) - ago
        session.execute(sa.update(Reconciliation).values(status="completed", requested_at=at))
