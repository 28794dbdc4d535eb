"""Files wait their turn: one of each campaign at a time, each taken by one worker."""

from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.audience.importing import Upload, add_import, claim_import, fail_abandoned, undo_some
from outbound_campaigns.campaigns import actions
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Event
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.request import CampaignNotFound
from outbound_campaigns.domain.refusals.state import IllegalMove, ImportUnderWay
from outbound_campaigns.domain.template import ResolvedTemplate
from tests.support.csv_reading import TWO_PEOPLE
from tests.support.files import Files


@pytest.mark.parametrize("status", ["draft", "scheduled", "paused"])
def test_a_campaign_that_does_not_send_takes_files(files: Files, status: str) -> None:
    files.set_status(status)
    assert files.take(TWO_PEOPLE).imported == 2


@pytest.mark.parametrize("status", ["running", "completed", "failed", "cancelled"])
def test_any_other_campaign_takes_none(files: Files, status: str) -> None:
    files.set_status(status)
    with pytest.raises(IllegalMove):
        files.upload(TWO_PEOPLE)


def test_an_unknown_campaign_takes_none(files: Files) -> None:
    files.campaign_id = 99
    with pytest.raises(CampaignNotFound):
        files.upload(TWO_PEOPLE)


def test_who_uploaded_what_is_kept(files: Files) -> None:
    files.upload(TWO_PEOPLE)
    with files.database.read() as session:
        event = session.execute(sa.select(Event).where(Event.what == "import")).scalar_one()
    assert (event.who, event.why) == ("ana@example.com", {"code": "import", "file_name": "lista.csv"})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\ana\\lista.csv", "lista.csv"),
        ("../../x.csv", "x.csv"),
        ("a\0\nb.csv", "ab.csv"),
        ("", "file.csv"),
    ],
)
def test_a_file_name_is_kept_without_its_folders(files: Files, given: str, kept: str) -> None:
    with files.database.write() as session:
        act = Act("ana", files.database.now(session))
        added = add_import(session, files.campaign_id, Upload(given, Path("x"), 1), act)
        assert added.file_name == kept


def test_files_of_one_campaign_are_imported_one_after_the_other(files: Files) -> None:
    first, second = files.upload(TWO_PEOPLE), files.upload(TWO_PEOPLE)
    assert claim_import(files.database, "worker-1") == first
    assert claim_import(files.database, "worker-2") is None
    fail_abandoned(files.database, "worker-2")
    assert claim_import(files.database, "worker-2") == second


def test_another_campaign_need_not_wait(files: Files, database: Database, tmp_path: Path) -> None:
    files.upload(TWO_PEOPLE)
    other = Files(database, tmp_path).upload(TWO_PEOPLE)
    claim_import(database, "worker-1")
    assert claim_import(database, "worker-2") == other


def test_a_file_waits_until_the_rows_of_the_failed_one_are_out(files: Files) -> None:
    failed = files.take(TWO_PEOPLE)
    with files.database.write() as session:
        session.merge(failed).undoing = True
    second = files.upload(TWO_PEOPLE)
    assert claim_import(files.database, "worker-1") is None
    with files.database.write() as session:
        now = files.database.now(session)
        while undo_some(session, failed.id, now, 10):
            pass
    assert claim_import(files.database, "worker-1") == second


class Late:
    """A database where another worker is always a little faster."""

    def __init__(self, database: Database) -> None:
        self.database, self.read = database, database.read

    def write(self) -> AbstractContextManager[Session]:
        claim_import(self.database, "worker-1")
        return self.database.write()


def test_a_file_that_another_worker_took_first_is_its(files: Files) -> None:
    first = files.upload(TWO_PEOPLE)
    late: Database = Late(files.database)  # type: ignore[assignment]
    assert claim_import(late, "worker-2") is None
    assert files.import_row(first).worker == "worker-1"


def test_with_no_file_there_is_nothing_to_claim(files: Files) -> None:
    assert claim_import(files.database, "worker-1") is None


def test_the_imports_of_a_dead_worker_fail_and_their_files_go(files: Files) -> None:
    dead = files.upload(TWO_PEOPLE)
    claim_import(files.database, "worker-1")
    waiting = files.upload(TWO_PEOPLE)
    assert fail_abandoned(files.database, "worker-2") == [dead]
    failed = files.import_row(dead)
    assert (failed.status, failed.error) == ("failed", {"code": "import_interrupted"})
    assert not Path(failed.path).exists()
    assert files.import_row(waiting).status == "running"


def test_a_campaign_does_not_start_while_a_file_waits_or_is_taken_out_again(files: Files) -> None:
    done = files.take(TWO_PEOPLE)
    with files.database.write() as session:
        session.merge(done).undoing = True
    act = Act("ana", done.created_at)
    with files.database.write() as session, pytest.raises(ImportUnderWay):
        actions.start(session, files.campaign_id, ResolvedTemplate("promo", "es"), act)
