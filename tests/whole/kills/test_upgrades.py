"""An upgrade while a campaign runs: nobody twice, nobody missing, and who may not send says why."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from outbound_campaigns.database.migrations.tables import versions
from outbound_campaigns.database.migrations.upgrade import alembic_config
from outbound_campaigns.database.migrations.upgrade import upgrade as migrate
from tests.support.installation import Installation, installation_of, stop

PEOPLE = 400


@pytest.fixture(params=["sqlite", "cluster"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """Tables that the migrations made, as everybody's are; the tests take some of them back."""
    with installation_of(request, tmp_path, make_tables=migrate) as made:
        yield made


def upgrade(installed: Installation) -> None:
    """As an operator types it."""
    done = subprocess.run(
        [sys.executable, "-m", "outbound_campaigns", "db", "upgrade"],
        env=installed.environ | {"LANG": "en_US.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, "The tables are up to date.\n"), done.stderr


def set_version(installed: Installation, version: str) -> None:
    """As the migration of another version of the program would."""
    with installed.database.write() as session:
        change = sa.text("UPDATE outbound_alembic_version SET version_num = :version")
        session.execute(change, {"version": version})


def assert_everybody_got_it_once(installed: Installation, campaign_id: int) -> None:
    ended = installed.wait_for_end(campaign_id)
    assert (ended.status, ended.sent_count, ended.in_doubt_count) == ("completed", PEOPLE, 0)
    installed.assert_promise(campaign_id)
    installed.assert_nobody_twice()


def test_a_stop_an_upgrade_and_a_start_in_the_middle_of_a_campaign(installed: Installation) -> None:
    installed.set_pace(100)
    old = installed.start_engine()
    campaign_id = installed.campaign(PEOPLE)
    for sent in (30, 120):
        installed.wait(campaign_id, lambda campaign, sent=sent: campaign.sent_count > sent)  # type: ignore[misc]
        stop(old)
        between = installed.read(campaign_id)
        assert (between.sending_count, between.in_doubt_count) == (0, 0)
        upgrade(installed)
        old = installed.start_engine()
    assert_everybody_got_it_once(installed, campaign_id)


def test_tables_that_become_newer_under_an_engine_end_its_sending_and_lose_nothing(
    installed: Installation,
) -> None:
    installed.set_pace(100)
    installed.start_engine()
    campaign_id = installed.campaign(PEOPLE)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 30)
    set_version(installed, "9999")
    installed.wait_for_log("from a newer version than this program")
    installed.wait_for_log("engine stands by")
    requests = installed.ledger()["requests"]
    between = installed.read(campaign_id)
    assert (between.sending_count, between.in_doubt_count) == (0, 0)
    assert 0 < between.pending_count < PEOPLE
    time.sleep(3)
    assert installed.ledger()["requests"] == requests
    # The program of that version starts; here it is the same one, and its tables fit again.
    set_version(installed, versions()[0])
    assert_everybody_got_it_once(installed, campaign_id)
    assert installed.engine_log().count("nothing is sent") == 1


@pytest.mark.parametrize(
    ("installed", "version"), [("sqlite", "base"), ("cluster", "0008")], indirect=["installed"]
)
def test_an_engine_that_starts_before_the_upgrade_waits_for_it(installed: Installation, version: str) -> None:
    command.downgrade(alembic_config(installed.database), version)
    installed.start_engine()
    installed.wait_for_log("nothing is sent")
    time.sleep(3)
    said = installed.engine_log()
    assert said.count("\n") == 1, said
    assert "outbound-campaigns db upgrade" in said
    upgrade(installed)
    installed.wait_for_log("engine leads")
    campaign_id = installed.campaign(PEOPLE)
    assert_everybody_got_it_once(installed, campaign_id)


def test_a_campaign_that_runs_goes_on_after_the_upgrade_that_brings_the_mark(
    installed: Installation,
) -> None:
    campaign_id = installed.campaign(PEOPLE)
    command.downgrade(alembic_config(installed.database), "0008")
    upgrade(installed)
    installed.start_engine()
    assert_everybody_got_it_once(installed, campaign_id)
    assert "nothing is sent" not in installed.engine_log()


def test_the_service_says_what_its_tables_lack_and_goes_on_after_the_upgrade(installed: Installation) -> None:
    command.downgrade(alembic_config(installed.database), "0008")
    environ = installed.environ | {"LANG": "en_US.UTF-8"}
    doctor = [sys.executable, "-m", "outbound_campaigns", "doctor", "--bot", "demo-bot"]
    before = subprocess.run(doctor, env=environ, capture_output=True, text=True, timeout=60)
    assert (before.returncode, "older version" in before.stdout) == (1, True)
    upgrade(installed)
    after = subprocess.run(doctor, env=environ, capture_output=True, text=True, timeout=60)
    assert after.returncode == 0, after.stdout
    assert os.linesep + "✗" not in after.stdout
