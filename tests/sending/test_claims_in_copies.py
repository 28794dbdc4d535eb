"""Nothing is claimed in a database that has become a copy since the engine last looked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import Recipient
from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.sending import test_sends
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.slice import Probe, Slice, Wait
from tests.sending.test_test_sends import requested
from tests.support.campaigns import MakeCampaign
from tests.support.postgres_programs import promoted_copy
from tests.support.senders import OneSender

SENDERS = OneSender()


def claim(database: Database, campaign_id: int) -> Slice | Wait | Probe:
    claimant = Claimant("worker", 1000, lambda: 0.0)
    return claim_slice(database, campaign_id, SENDERS.sender("bot", None), claimant)


def statuses(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.execute(sa.select(Recipient.status)).scalars())


def assert_nothing_is_claimed(database: Database, campaign_id: int) -> None:
    assert isinstance(claim(database, campaign_id), Wait)
    assert statuses(database) == {"pending"}
    assert test_sends.claim(database, SENDERS, 35.0) is None


def test_nothing_is_claimed_on_a_standby_that_was_promoted(
    database: Database, make_campaign: MakeCampaign, request: pytest.FixtureRequest
) -> None:
    if database.is_sqlite:
        return
    requested(database)
    campaign_id = make_campaign(3, running=True)
    with promoted_copy(request.getfixturevalue("postgres_server")) as host:
        url = f"postgresql+psycopg://postgres@/{database.engine.url.database}?host={host}"
        with open_database(url) as standby:
            assert_nothing_is_claimed(standby, campaign_id)
    assert isinstance(claim(database, campaign_id), Slice)


def test_nothing_is_claimed_once_another_file_has_taken_the_place_of_ours(
    database: Database, make_campaign: MakeCampaign
) -> None:
    if not database.is_sqlite:
        return
    requested(database)
    campaign_id = make_campaign(3, running=True)
    file = Path(database.engine.url.database or "")
    shutil.copy(file, file.with_name("older.sqlite"))
    file.with_name("older.sqlite").rename(file)
    assert_nothing_is_claimed(database, campaign_id)
