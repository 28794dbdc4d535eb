"""Whoever wants to write to SQLite gets a turn, in the order of asking, across threads and processes."""

import multiprocessing
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.transactions import Database, open_database
from outbound_campaigns.database.write_queue import FileTurns, ThreadTurns, TurnNotCome


def test_threads_write_in_the_order_in_which_they_asked() -> None:
    lock, order = ThreadTurns(), list[int]()
    threads = [threading.Thread(target=lambda n=n: write(lock, order, n)) for n in range(8)]
    with lock.turn():
        for thread in threads:
            thread.start()
            time.sleep(0.02)
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def write(lock: ThreadTurns, order: list[int], number: int) -> None:
    with lock.turn():
        order.append(number)


def test_a_turn_that_does_not_come_is_an_error(tmp_path: Path) -> None:
    lock = FileTurns(tmp_path / "turns", patience=0.05)
    with lock.turn():
        failed = in_a_thread(lambda: take(lock))
    assert isinstance(failed, TurnNotCome)
    take(lock)


def take(lock: FileTurns) -> None:
    with lock.turn():
        pass


def in_a_thread(function: object) -> BaseException | None:
    caught: list[BaseException] = []

    def run() -> None:
        try:
            function()  # type: ignore[operator]
        except Exception as error:
            caught.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return caught[0] if caught else None


def test_a_turn_of_another_process_that_does_not_come_is_an_error_and_the_next_one_comes(
    tmp_path: Path,
) -> None:
    path = tmp_path / "turns"
    context = multiprocessing.get_context("spawn")
    held, ended = context.Event(), context.Event()
    other = context.Process(target=hold, args=(path, held, ended))
    other.start()
    try:
        assert held.wait(30)
        lock = FileTurns(path, patience=0.05)
        for _ in range(3):
            with pytest.raises(TurnNotCome):
                take(lock)
    finally:
        ended.set()
        other.join()
    take(lock)
    # What was still waited for in the kernel when they gave up must not stay locked.
    another = context.Process(target=take_once, args=(path,))
    another.start()
    another.join()
    assert another.exitcode == 0


def hold(path: Path, held: threading.Event, ended: threading.Event) -> None:
    with FileTurns(path).turn():
        held.set()
        ended.wait()


def take_once(path: Path) -> None:
    take(FileTurns(path))


def test_two_never_write_at_once_however_soon_they_give_up(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_impatiently, args=(tmp_path,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]


def write_impatiently(folder: Path) -> None:
    lock, at_once, written = FileTurns(folder / "turns", patience=0.002), folder / "at-once", 0
    while written < 150:
        with suppress(TurnNotCome), lock.turn():
            # Fails if another process is between the same two lines.
            at_once.touch(exist_ok=False)
            time.sleep(0.001)
            at_once.unlink()
            written += 1


def test_a_child_after_a_fork_waits_for_its_parent(tmp_path: Path) -> None:
    lock, written = FileTurns(tmp_path / "turns"), tmp_path / "written"
    take(lock)
    context = multiprocessing.get_context("fork")
    with lock.turn():
        child = context.Process(target=note, args=(tmp_path / "turns", written))
        child.start()
        time.sleep(0.1)
        written.write_text("parent\n")
    child.join()
    assert written.read_text() == "parent\nchild\n"


def note(turns: Path, written: Path) -> None:
    with FileTurns(turns).turn(), written.open("a") as file:
        file.write("child\n")


def test_one_that_writes_in_a_loop_does_not_starve_another_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/db.sqlite"
    prepare(url)
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    greedy = context.Process(target=write_in_a_loop, args=(url, stop))
    greedy.start()
    try:
        database = open_database(url)
        wait_for_rows(database.engine)
        for _ in range(20):
            with database.write() as session:
                session.execute(sa.text("INSERT INTO written VALUES ('patient')"))
        counts = counted(database.engine)
        database.dispose()
    finally:
        stop.set()
        greedy.join()
    # Turns alternate: the greedy one cannot have written much more than its share.
    assert counts["patient"] == 20
    assert greedy.exitcode == 0


def prepare(url: str) -> None:
    database = open_database(url)
    with database.write() as session:
        session.execute(sa.text("CREATE TABLE written (who TEXT)"))
    database.dispose()


def wait_for_rows(engine: sa.Engine) -> None:
    while not counted(engine):
        time.sleep(0.05)


def counted(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT who, count(*) FROM written GROUP BY who")).all()
    return {who: count for who, count in rows}  # noqa: C416 - rows are not pairs to the type checker


def write_in_a_loop(url: str, stop: threading.Event) -> None:
    database = open_database(url)
    while not stop.is_set():
        with database.write() as session:
            session.execute(sa.text("INSERT INTO written VALUES ('greedy')"))
    database.dispose()


def test_sqlite_syncs_fully_and_never_waits_for_readers(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/db.sqlite")
    with database.engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    database.dispose()
    assert pragmas == ["wal", 2, 1]


def write_and_fail(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.text("INSERT INTO written VALUES ('lost')"))
        raise ZeroDivisionError


def test_a_failed_write_leaves_nothing_and_gives_the_turn_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/db.sqlite"
    prepare(url)
    database = open_database(url)
    with pytest.raises(ZeroDivisionError):
        write_and_fail(database)
    with database.write() as session:
        session.execute(sa.text("INSERT INTO written VALUES ('kept')"))
    database.dispose()
    with sqlite3.connect(tmp_path / "db.sqlite") as connection:
        assert connection.execute("SELECT who FROM written").fetchall() == [("kept",)]
    connection.close()
