"""An SQLite file knows that it is a copy, wherever it was put; what happens to a machine makes none of it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from outbound_campaigns.database.copy_mark import CopySign, HeldCopy, InstanceMark, NotMarked
from outbound_campaigns.database.models import Instance
from outbound_campaigns.database.transactions import Database, open_database
from tests.support.tables import make_tables


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{path}")
    try:
        yield database
    finally:
        database.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An up-to-date database that nobody has open."""
    path = tmp_path / "campaigns.sqlite"
    with opened(path) as database:
        make_tables(database)
    return path


def held(path: Path) -> HeldCopy | None:
    with opened(path) as database:
        return InstanceMark(database).held()


def advance(path: Path, times: int = 1) -> None:
    with opened(path) as database:
        for _ in range(times):
            InstanceMark(database).advance()


def beside(path: Path) -> Path:
    return Path(f"{path}-mark")


def test_the_marked_file_is_no_copy_however_often_it_is_opened(file: Path) -> None:
    assert held(file) is None
    advance(file, 3)
    assert held(file) is None


def test_a_file_put_elsewhere_is_a_copy_even_with_the_one_beside_it(file: Path) -> None:
    other = file.with_name("other.sqlite")
    shutil.copy(file, other)
    assert held(other) == HeldCopy(CopySign.ANOTHER_FILE)
    shutil.copy(beside(file), beside(other))
    assert held(other) == HeldCopy(CopySign.ANOTHER_FILE)
    assert held(file) is None


def test_a_file_copied_back_over_itself_is_a_copy_once_it_was_led_from(file: Path) -> None:
    backup = file.with_name("backup.sqlite")
    shutil.copy(file, backup)
    advance(file)
    inode = file.stat().st_ino
    shutil.copyfile(backup, file)
    assert file.stat().st_ino == inode
    assert held(file) == HeldCopy(CopySign.OLDER_THAN_FILE_BESIDE)


def test_a_copy_does_not_become_the_database_by_being_led_from(file: Path) -> None:
    backup = file.with_name("backup.sqlite")
    shutil.copy(file, backup)
    advance(file, 2)
    shutil.copyfile(backup, file)
    advance(file, 5)
    assert held(file) == HeldCopy(CopySign.OLDER_THAN_FILE_BESIDE)


def test_a_copy_moved_into_its_place_is_a_copy(file: Path) -> None:
    backup = file.with_name("backup.sqlite")
    shutil.copy(file, backup)
    backup.replace(file)
    assert held(file) == HeldCopy(CopySign.ANOTHER_FILE)


@pytest.mark.parametrize("content", [None, "", "not a number"])
def test_without_the_file_beside_it_nobody_knows(file: Path, content: str | None) -> None:
    if content is None:
        beside(file).unlink()
    else:
        beside(file).write_text(content)
    assert held(file) == HeldCopy(CopySign.FILE_BESIDE_MISSING)


def test_a_machine_that_dies_between_the_two_writes_makes_no_copy(file: Path) -> None:
    for _ in range(3):
        before = beside(file).read_text()
        advance(file)
        beside(file).write_text(before)
        assert held(file) is None


def test_a_mark_set_anew_makes_a_copy_the_database(file: Path) -> None:
    other = file.with_name("other.sqlite")
    advance(file, 4)
    shutil.copy(file, other)
    with opened(other) as database:
        InstanceMark(database).set()
    assert held(other) is None
    assert held(file) is None


def test_a_mark_is_kept_where_there_is_one(file: Path) -> None:
    other = file.with_name("other.sqlite")
    shutil.copy(file, other)
    with opened(other) as database:
        InstanceMark(database).set_if_missing()
    assert held(other) == HeldCopy(CopySign.ANOTHER_FILE)


def test_tables_without_a_mark_are_said_to_have_none(file: Path) -> None:
    with opened(file) as database:
        with database.write() as session:
            session.query(Instance).delete()
        with pytest.raises(NotMarked):
            InstanceMark(database).held()
        InstanceMark(database).set_if_missing()
        assert InstanceMark(database).held() is None


def test_one_who_looks_while_another_advances_sees_no_copy(file: Path) -> None:
    with opened(file) as database:
        over = threading.Event()

        def lead() -> None:
            for _ in range(60):
                InstanceMark(database).advance()
            over.set()

        thread = threading.Thread(target=lead)
        thread.start()
        seen = set()
        while not over.is_set():
            seen.add(InstanceMark(database).held())
        thread.join()
    assert seen == {None}
