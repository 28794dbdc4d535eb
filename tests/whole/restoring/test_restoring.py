"""A restored copy sends nothing by itself, says so, and goes on once an operator has accepted it."""

import shutil
import sqlite3
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import Recipient
from outbound_campaigns.domain.lifecycle import CampaignStatus
from outbound_campaigns.domain.reasons import reason_text
from tests.support.installation import Installation, stop
from tests.support.postgres_programs import run
from tests.support.terminal import Terminal

HELD = "this database is a restored copy"
ENGLISH = {"LANG": "en_US.UTF-8"}


@pytest.fixture
def terminal(installed: Installation) -> Terminal:
    return Terminal(installed)


class Backup:
    """A copy taken while the service runs, and put back over the database."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._url = sa.make_url(terminal.installed.database_url)
        self._copy = terminal.installed.folder / "backup"
        if self._url.get_backend_name() == "sqlite":
            done = terminal.run("db", "backup", str(self._copy))
            assert (done.returncode, done.stderr) == (0, "")
        else:
            run("pg_dump", *self._connection, "--format=custom", f"--file={self._copy}")

    @property
    def _connection(self) -> tuple[str, ...]:
        return ("-h", str(self._url.query["host"]), "-U", "postgres", "-d", self._url.database or "")

    def restore(self) -> None:
        self._terminal.installed.database.dispose()
        if self._url.get_backend_name() == "sqlite":
            file = Path(self._url.database or "")
            for more in ("-wal", "-shm"):
                Path(f"{file}{more}").unlink(missing_ok=True)
            shutil.copyfile(self._copy, file)
        else:
            run("pg_restore", *self._connection, "--clean", "--single-transaction", str(self._copy))


def statuses(installed: Installation, campaign_id: int) -> dict[str, int]:
    counts = installed.read(campaign_id).counts
    return {status: count for status, count in counts.items() if count}


def restored_in_the_middle(terminal: Terminal) -> int:
    """A campaign that was sent on after the backup that stands in its database's place now; its id."""
    installed = terminal.installed
    installed.set_pace(50)
    engine = installed.start_engine()
    campaign_id = installed.campaign(900)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 10)
    backup = Backup(terminal)
    in_the_copy = installed.read(campaign_id).sent_count
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > in_the_copy + 20)
    stop(engine)
    backup.restore()
    return campaign_id


def test_nobody_is_sent_to_from_a_restored_copy_until_it_is_accepted_and_resumed(terminal: Terminal) -> None:
    installed = terminal.installed
    campaign_id = restored_in_the_middle(terminal)
    assert installed.read(campaign_id).status == CampaignStatus.RUNNING
    installed.clear()
    installed.start_engine()
    installed.wait_for_log(HELD)
    time.sleep(3)
    assert installed.ledger()["requests"] == 0
    assert installed.engine_log().count(HELD) == 1
    doctor = terminal.run("doctor", "--bot", "demo-bot", **ENGLISH)
    assert (doctor.returncode, HELD in doctor.stdout, "No engine" in doctor.stdout) == (1, True, False)
    send = terminal.send(terminal.csv(), **ENGLISH)
    assert (send.returncode, HELD in send.stderr) == (1, True)

    accepted = terminal.run("db", "accept", "--yes", **ENGLISH)
    assert (accepted.returncode, accepted.stderr) == (0, "")
    assert f"Campaign {campaign_id} of demo-bot, test (running)" in accepted.stdout
    assert "1 campaigns paused" in accepted.stdout
    paused = installed.read(campaign_id)
    reason = paused.status_reason or {}
    assert (paused.status, reason["code"], paused.sending_count) == (CampaignStatus.PAUSED, "restored", 0)
    assert reason["newest"] is not None
    installed.wait_for_log("sending is possible again")
    assert installed.ledger()["requests"] == 0

    left = paused.pending_count
    installed.set_pace(2000)
    installed.operate(campaign_id, "resume")
    installed.wait_for_end(campaign_id)
    assert installed.ledger()["accepted"] == left
    installed.assert_nobody_twice()


def test_what_was_being_sent_when_the_copy_was_taken_is_in_doubt(terminal: Terminal) -> None:
    installed = terminal.installed
    campaign_id = installed.campaign(5)
    with installed.database.write() as session:
        first = sa.select(sa.func.min(Recipient.id)).scalar_subquery()
        session.execute(
            sa.update(Recipient)
            .where(Recipient.id == first)
            .values(status="sending", last_attempt=1, claimed_by="gone")
        )
        session.execute(sa.text("UPDATE outbound_campaigns SET pending_count = 4, sending_count = 1"))
        session.execute(sa.text("UPDATE outbound_country_counts SET tried = 1"))
        session.execute(
            sa.text(
                "INSERT INTO outbound_attempts (recipient_id, number, claimed_at) "
                "SELECT id, 1, updated_at FROM outbound_recipients WHERE status = 'sending'"
            )
        )
    Backup(terminal).restore()
    done = terminal.run("db", "accept", "--yes")
    assert "1 destinatarios en duda" in done.stdout
    assert statuses(installed, campaign_id) == {"pending": 4, "in_doubt": 1, "total": 5}
    assert terminal.run("recount").returncode == 0


def test_an_operator_who_does_not_confirm_changes_nothing(terminal: Terminal) -> None:
    campaign_id = terminal.installed.campaign(3)
    Backup(terminal).restore()
    done = terminal.run("db", "accept")  # its input has ended
    assert done.returncode == 1
    assert terminal.installed.read(campaign_id).status == CampaignStatus.RUNNING
    assert "restored copy" in terminal.run("doctor", "--bot", "demo-bot", **ENGLISH).stdout


def test_a_database_that_is_no_copy_is_left_alone(terminal: Terminal) -> None:
    campaign_id = terminal.installed.campaign(3)
    done = terminal.run("db", "accept", "--yes", **ENGLISH)
    assert (done.returncode, "Nothing to accept" in done.stdout) == (0, True)
    assert terminal.installed.read(campaign_id).status == CampaignStatus.RUNNING


def test_a_snapshot_that_cannot_be_told_from_the_database_is_accepted_anyway(terminal: Terminal) -> None:
    campaign_id = terminal.installed.campaign(3)
    assert terminal.run("db", "accept", "--yes", "--anyway").returncode == 0
    assert terminal.installed.read(campaign_id).status == CampaignStatus.PAUSED


def test_nothing_is_accepted_under_an_engine_that_sends(terminal: Terminal) -> None:
    installed = terminal.installed
    installed.start_engine()
    installed.wait_for_end(installed.campaign(1))
    done = terminal.run("db", "accept", "--yes", "--anyway", **ENGLISH)
    assert (done.returncode, "Stop the service first" in done.stderr) == (1, True)


def test_a_scheduled_campaign_does_not_start_from_a_copy(terminal: Terminal) -> None:
    installed = terminal.installed
    campaign_id = installed.campaign(3)
    with installed.database.write() as session:
        at = sa.text("UPDATE outbound_campaigns SET status = 'scheduled', scheduled_at = created_at")
        session.execute(at)
    Backup(terminal).restore()
    engine = installed.start_engine()
    installed.wait_for_log(HELD)
    assert installed.read(campaign_id).status == CampaignStatus.SCHEDULED
    assert terminal.run("db", "accept", "--yes").returncode == 0
    paused = installed.read(campaign_id)
    assert paused.status == CampaignStatus.PAUSED
    assert "is from —." in reason_text(paused.status_reason, "en")
    stop(engine)


def test_an_engine_that_leads_stops_when_its_database_turns_out_a_copy(terminal: Terminal) -> None:
    installed = terminal.installed
    installed.set_pace(20)
    installed.start_engine()
    campaign_id = installed.campaign(500)
    installed.wait(campaign_id, lambda campaign: campaign.sent_count > 5)
    with installed.database.write() as session:
        session.execute(sa.text("UPDATE outbound_instance SET inode = inode + 1, oid = oid + 1"))
    installed.wait_for_log(HELD)
    installed.wait_for_log("engine stands by")
    requests = installed.ledger()["requests"]
    time.sleep(3)
    assert installed.ledger()["requests"] == requests
    campaign = installed.read(campaign_id)
    assert (campaign.sending_count, campaign.in_doubt_count) == (0, 0)


def test_a_backup_is_one_whole_state_that_its_owner_alone_may_read(terminal: Terminal) -> None:
    if not terminal.installed.database.is_sqlite:
        pytest.skip("pg_dump's affair")
    terminal.installed.campaign(20)
    file = terminal.installed.folder / "copies.sqlite"
    done = terminal.run("db", "backup", str(file), **ENGLISH)
    assert (done.returncode, "Wrote" in done.stdout) == (0, True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.parent.glob("copies*")) == ["copies.sqlite"]
    with sqlite3.connect(file) as copy:
        assert copy.execute("SELECT count(*) FROM outbound_recipients").fetchone() == (20,)
    again = terminal.run("db", "backup", str(file), **ENGLISH)
    assert (again.returncode, "exists" in again.stderr) == (1, True)
    nowhere = terminal.run("db", "backup", str(file / "nowhere"), **ENGLISH)
    assert (nowhere.returncode, "could not be written" in nowhere.stderr) == (1, True)
    assert "Traceback" not in nowhere.stderr


def test_for_postgresql_the_command_to_type_is_told_without_the_password(terminal: Terminal) -> None:
    url = "postgresql://outbound:s3cret@127.0.0.1:9/outbound_campaigns"
    done = terminal.run("db", "backup", "a copy.dump", OUTBOUND_DATABASE_URL=url)
    assert done.returncode == 1
    assert "pg_dump --format=custom '--file=" in done.stderr
    assert "a copy.dump' postgresql://outbound@127.0.0.1:9/outbound_campaigns" in done.stderr
    assert "s3cret" not in done.stderr + done.stdout
    assert not (terminal.installed.folder / "a copy.dump").exists()
