"""Who may not send, or can't keep the mark, leaves the lease to others."""

import logging
from pathlib import Path

import pytest

from outbound_campaigns.database.copy_mark.sqlite_file import SqliteFile
from outbound_campaigns.database.transactions import open_database
from outbound_campaigns.engine.leadership import Leadership
from outbound_campaigns.engine.lease import engine_alive
from tests.support.tables import make_tables


def test_a_file_that_cannot_be_written_leaves_the_lease_free_and_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(f"sqlite:///{tmp_path}/db.sqlite")
    make_tables(database)
    clock = [0.0]
    leadership = Leadership(database, "engine", lambda: clock[0])
    assert leadership.acquire()

    def refuse(file: SqliteFile, _generation: int) -> None:
        raise PermissionError(13, "Permission denied", str(file.beside))

    # Root, as whom tests may run, writes anything.
    with monkeypatch.context() as patched, caplog.at_level(logging.ERROR):
        patched.setattr(SqliteFile, "keep", refuse)
        for _ in range(3):
            clock[0] += 3
            assert not leadership.acquire()
    assert not leadership.is_valid()
    assert not engine_alive(database)
    (record,) = caplog.records
    assert f"{tmp_path}/db.sqlite-mark can't be written" in record.getMessage()
    clock[0] += 3
    assert leadership.acquire()
    assert engine_alive(database)
    database.dispose()


def test_the_generation_rises_while_an_engine_leads_and_once_more_at_its_end(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/db.sqlite")
    make_tables(database)
    clock = [0.0]
    leadership = Leadership(database, "engine", lambda: clock[0])
    seen = []
    for _ in range(5):
        assert leadership.acquire()
        seen.append(int((tmp_path / "db.sqlite-mark").read_text()))
        clock[0] += 1.0
    assert seen == [seen[0], seen[0], seen[0] + 1, seen[0] + 1, seen[0] + 2]
    leadership.release()
    assert int((tmp_path / "db.sqlite-mark").read_text()) == seen[-1] + 1
    assert not engine_alive(database)
    database.dispose()
