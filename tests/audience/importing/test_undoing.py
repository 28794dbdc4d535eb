"""A failed import's rows are taken out again in short steps, and the figures fall with them."""

from pathlib import Path

import sqlalchemy as sa

from outbound_campaigns.audience.importing import being_undone, undo_some
from outbound_campaigns.campaigns import bulk_moves
from outbound_campaigns.database.models import Import
from outbound_campaigns.database.transactions import Database
from tests.support.files import HEADER, Files, figures, rows

BROKEN = HEADER + "x,y\n" + rows(0, 3) + rows(0, 1) + rows(3, 1200) + '4429999999,"never closed\n'


def undo(files: Files, import_id: int, limit: int) -> list[int]:
    """Steps until nothing is left."""
    steps: list[int] = []
    while not steps or steps[-1]:
        with files.database.write() as session:
            steps.append(undo_some(session, import_id, files.database.now(session), limit))
        figures(files.import_row(import_id))
        files.pending()
    return steps


def small_chunks_failed(files: Files) -> Import:
    """An import whose rows are in, and that then failed."""
    done = files.take(BROKEN.rpartition("\n4429999999")[0] + "\n")
    with files.database.write() as session:
        session.execute(sa.update(Import).where(Import.id == done.id).values(status="failed", undoing=True))
    return done


def test_a_failed_import_leaves_nothing_behind(files: Files) -> None:
    files.take(HEADER + rows(9_000, 2))
    failed = small_chunks_failed(files)
    assert figures(failed) == (1205, 1203, 1, 1)
    assert undo(files, failed.id, 500) == [500, 500, 205, 0]
    assert figures(files.import_row(failed.id)) == (0, 0, 0, 0)
    assert files.refused(failed.id) == []
    assert files.pending() == 2


def test_a_file_that_a_killed_engine_left_goes_with_its_rows(files: Files) -> None:
    failed = small_chunks_failed(files)
    left = Path(failed.path)
    left.write_bytes(b"phone_number")
    undo(files, failed.id, 5000)
    assert not left.exists()


def test_the_imports_to_be_undone_are_those_with_rows_left(files: Files) -> None:
    failed = small_chunks_failed(files)
    with files.database.read() as session:
        assert being_undone(session) == [failed.id]
    undo(files, failed.id, 5000)
    with files.database.read() as session:
        assert being_undone(session) == []


def test_an_import_that_is_not_being_undone_is_left_alone(files: Files) -> None:
    done = files.take(HEADER + rows(0, 2))
    with files.database.write() as session:
        assert undo_some(session, done.id, files.database.now(session), 10) == 0
        assert undo_some(session, 99, files.database.now(session), 10) == 0
    assert files.pending() == 2


def test_rows_that_were_cancelled_with_their_campaign_stay_and_stay_counted(files: Files) -> None:
    failed = small_chunks_failed(files)
    files.set_status("cancelled")
    with files.database.write() as session:
        bulk_moves.cancel_some(session, files.campaign_id, files.database.now(session), 100)
    undo(files, failed.id, 5000)
    assert figures(files.import_row(failed.id)) == (100, 100, 0, 0)
    assert files.campaign().counts["cancelled"] == 100


def test_the_same_file_can_be_imported_after_it_was_taken_out(files: Files) -> None:
    failed = small_chunks_failed(files)
    undo(files, failed.id, 5000)
    assert figures(files.take(HEADER + rows(0, 1203))) == (1203, 1203, 0, 0)


def test_undoing_one_import_leaves_another_campaign_alone(
    files: Files, database: Database, tmp_path: Path
) -> None:
    other = Files(database, tmp_path)
    other.take(HEADER + rows(0, 5))
    failed = small_chunks_failed(files)
    with database.write() as session:
        while undo_some(session, failed.id, database.now(session), 500):
            pass
    assert other.campaign().pending_count == 5
