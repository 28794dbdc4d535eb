"""A wrong file is taken out again before the first send, and left-over files of uploads are swept away."""

import os
import time
from pathlib import Path

import pytest

from outbound_campaigns.audience.importing import (
    Upload,
    add_import,
    being_undone,
    remove_import,
    sweep,
    undo_some,
)
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Import
from outbound_campaigns.domain.refusals.request import CampaignNotFound, ImportNotFound
from outbound_campaigns.domain.refusals.state import IllegalMove, ImportUnderWay
from outbound_campaigns.engine.importing import SWEEP_EACH, Importing
from outbound_campaigns.reports.pages import events_page, imports_page
from tests.support.files import HEADER, Files, rows

HOUR = 3600.0


def remove(files: Files, import_id: int) -> None:
    with files.database.write() as session:
        act = Act("ana", files.database.now(session))
        remove_import(session, files.campaign_id, import_id, act)


def undo(files: Files) -> None:
    """As the engine does."""
    with files.database.read() as session:
        waiting = being_undone(session)
    for import_id in waiting:
        with files.database.write() as session:
            while undo_some(session, import_id, files.database.now(session), 2):
                pass


def set_campaign(files: Files, **values: object) -> None:
    with files.database.write() as session:
        campaign_rows.update(session, files.campaign_id, **values)


def listed(files: Files) -> list[int]:
    with files.database.read() as session:
        return [row.id for row in imports_page(session, files.campaign_id)]


def test_a_file_is_taken_out_with_its_rows_and_no_others(files: Files) -> None:
    kept = files.take(HEADER + rows(0, 2))
    wrong = files.take(HEADER + "x,y\n" + rows(1, 5))
    remove(files, wrong.id)
    assert listed(files) == [kept.id]
    undo(files)
    assert files.pending() == 2
    assert files.refused(wrong.id) == []
    with files.database.read() as session:
        assert session.get(Import, wrong.id) is None
        event = events_page(session, files.campaign_id)[0]
    assert (event.what, event.who) == ("remove_import", "ana")
    assert event.why == {"code": "remove_import", "file_name": "lista.csv"}


def test_a_failed_file_is_taken_from_the_list(files: Files) -> None:
    failed = files.take(HEADER)
    assert failed.status == "failed"
    remove(files, failed.id)
    undo(files)
    assert listed(files) == []


def test_what_is_being_removed_is_removed_once(files: Files) -> None:
    wrong = files.take(HEADER + rows(0, 2))
    remove(files, wrong.id)
    with pytest.raises(ImportNotFound):
        remove(files, wrong.id)


def test_one_file_waits_for_the_other(files: Files) -> None:
    first, second = files.take(HEADER + rows(0, 2)), files.take(HEADER + rows(2, 2))
    running = files.upload(HEADER + rows(4, 2))
    for import_id in (first.id, running):
        with pytest.raises(ImportUnderWay, match=r"lista\.csv"):
            remove(files, import_id)
    files.run()
    remove(files, first.id)
    with pytest.raises(ImportUnderWay):
        remove(files, second.id)
    undo(files)
    remove(files, second.id)
    undo(files)
    assert files.pending() == 2


def test_once_started_no_file_is_taken_out(files: Files) -> None:
    done = files.take(HEADER + rows(0, 2))
    set_campaign(files, started_at=done.created_at, status="paused")
    with pytest.raises(IllegalMove, match="remove a file"):
        remove(files, done.id)


def test_of_a_cancelled_campaign_no_file_is_taken_out(files: Files) -> None:
    done = files.take(HEADER + rows(0, 2))
    set_campaign(files, status="cancelled")
    with pytest.raises(IllegalMove, match="cancelled"):
        remove(files, done.id)


def test_a_hidden_campaign_takes_no_file(files: Files, tmp_path: Path) -> None:
    set_campaign(files, deleted_at=files.database.read_clock())
    upload, move = Upload("a.csv", tmp_path / "a.csv", 1), Act("ana", files.database.read_clock())
    with files.database.write() as session, pytest.raises(CampaignNotFound):
        add_import(session, files.campaign_id, upload, move)


def left_over(folder: Path, name: str, age: float = 2 * HOUR) -> Path:
    path = folder / name
    path.touch()
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_only_old_files_that_no_import_waits_for_are_swept_away(files: Files) -> None:
    waiting = Path(files.import_row(files.upload(HEADER)).path)
    os.utime(waiting, (0, 0))
    old, young = left_over(files.folder, "old.csv"), left_over(files.folder, "young.csv", 60)
    other = left_over(files.folder, "campaigns.txt")
    assert sweep(files.database, files.folder, HOUR) == 1
    assert not old.exists()
    assert [path.exists() for path in (waiting, young, other)] == [True, True, True]
    assert sweep(files.database, files.folder, HOUR) == 0


def test_a_file_that_can_not_be_removed_does_not_hold_up_the_engine(files: Files) -> None:
    (files.folder / "odd.csv").mkdir()
    os.utime(files.folder / "odd.csv", (0, 0))
    assert sweep(files.database, files.folder, HOUR) == 0
    (files.folder / "gone.csv").symlink_to(files.folder / "nowhere")
    assert sweep(files.database, files.folder, HOUR) == 0


def test_a_folder_that_was_never_made_is_swept_already(files: Files) -> None:
    assert sweep(files.database, files.folder / "none", HOUR) == 0


def test_the_engine_sweeps_when_it_takes_over_and_then_each_hour(files: Files) -> None:
    clock = [0.0]
    importing = Importing(files.database, None, files.folder, lambda: clock[0])  # type: ignore[arg-type]
    swept = []
    for clock[0] in (0.0, SWEEP_EACH - 1, SWEEP_EACH):
        path = left_over(files.folder, "old.csv")
        importing.step("worker-1")
        swept.append(not path.exists())
    importing.take_over("worker-1")
    path = left_over(files.folder, "old.csv")
    importing.step("worker-1")
    assert [*swept, not path.exists()] == [True, False, True, True]
