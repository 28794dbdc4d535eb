"""Files and channels in Botpress's own database, which is only ever read."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot_config import sources
from bot_config.problems import BotConfigBroken, SourceUnavailable
from bot_config.sources import DatabaseOrFolder, DatabaseSource, FolderSource, read_only_engine
from bot_config.time_limit import WAITS
from tests.support.data_folder import Clock, DataFolder
from tests.support.postgres_programs import new_server

POSTGRES = """
CREATE TABLE srv_ghost_files (file_path varchar(255) PRIMARY KEY, content bytea, deleted boolean);
CREATE TABLE srv_channels ("clientId" uuid PRIMARY KEY, "botId" varchar(255) UNIQUE, config jsonb NOT NULL);
INSERT INTO srv_ghost_files VALUES ('data/global/file', 'Señal', false), ('data/gone', 'text', true),
    ('data/empty', NULL, false), ('data/binary', '\\xff', false);
INSERT INTO srv_channels VALUES (gen_random_uuid(), 'demo-bot', '{"vonage": {"apiKey": "k"}}');
"""
SQLITE = """
CREATE TABLE srv_ghost_files (file_path varchar(255) PRIMARY KEY, content blob, deleted boolean);
CREATE TABLE srv_channels (clientId char(36) PRIMARY KEY, botId varchar(255), config undefined not null);
INSERT INTO srv_ghost_files VALUES ('data/global/file', 'Señal', 0), ('data/gone', 'text', 1),
    ('data/empty', NULL, 0), ('data/binary', x'ff', 0), ('data/global/blob', CAST('Señal' AS blob), 0);
INSERT INTO srv_channels VALUES ('1', 'demo-bot', '{"vonage": {"apiKey": "k"}}');
"""


def _change(file: Path, statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(statements)


@pytest.fixture
def core_sqlite(tmp_path: Path) -> Path:
    _change(tmp_path / "core #1.sqlite", SQLITE)
    return tmp_path / "core #1.sqlite"


@pytest.fixture
def postgres_url(new_postgres_database: Callable[[], str]) -> str:
    url = new_postgres_database()
    _fill(url)
    return url


def _fill(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in filter(str.strip, POSTGRES.split(";\n")):
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(params=["core_sqlite", "postgres_url"])
def url(request: pytest.FixtureRequest) -> str:
    place = request.getfixturevalue(request.param)
    return f"sqlite:///{place}" if isinstance(place, Path) else str(place)


@pytest.fixture
def source(url: str) -> Iterator[DatabaseSource]:
    source = DatabaseSource(url)
    yield source
    source.close()


def test_a_file_is_the_row_of_its_path(source: DatabaseSource) -> None:
    assert source.read("global/file") == "Señal"


def test_a_deleted_or_absent_row_is_no_file(source: DatabaseSource) -> None:
    assert [source.read("gone"), source.read("none"), source.read("empty")] == [None, None, None]


def test_a_row_that_is_no_text_is_refused(source: DatabaseSource) -> None:
    with pytest.raises(BotConfigBroken, match=r"file\.not_text: data/binary"):
        source.read("binary")


def test_the_channels_of_a_bot_come_as_json_text(source: DatabaseSource) -> None:
    assert source.channels("demo-bot") == '{"vonage": {"apiKey": "k"}}'
    assert source.channels("other-bot") is None


def test_a_file_stored_as_bytes_in_sqlite_is_read(core_sqlite: Path) -> None:
    assert DatabaseSource(f"sqlite:///{core_sqlite}").read("global/blob") == "Señal"


def test_an_answer_is_kept_for_a_short_time_only(core_sqlite: Path) -> None:
    clock = Clock()
    source = DatabaseSource(f"sqlite:///{core_sqlite}", keep_seconds=3, now=clock)
    assert source.read("global/file") == "Señal"
    _change(core_sqlite, "UPDATE srv_ghost_files SET content = 'new'")
    clock.time += 2.9
    assert source.read("global/file") == "Señal"
    clock.time += 0.1
    assert source.read("global/file") == "new"


def test_reading_sqlite_leaves_the_file_as_it_is(core_sqlite: Path) -> None:
    before = core_sqlite.read_bytes()
    source = DatabaseSource(f"sqlite:///{core_sqlite}")
    source.read("global/file")
    source.channels("demo-bot")
    assert core_sqlite.read_bytes() == before
    assert list(core_sqlite.parent.iterdir()) == [core_sqlite]


def test_botpress_can_write_to_sqlite_while_we_use_it(core_sqlite: Path) -> None:
    source = DatabaseSource(f"sqlite:///{core_sqlite}", keep_seconds=0)
    source.read("global/file")
    with closing(sqlite3.connect(core_sqlite, timeout=0)) as botpress:
        botpress.execute("BEGIN EXCLUSIVE")
        botpress.execute("UPDATE srv_ghost_files SET content = 'new'")
        botpress.commit()
    assert source.read("global/file") == "new"


def test_nothing_can_be_written(url: str) -> None:
    engine = read_only_engine(url)
    with pytest.raises(SQLAlchemyError, match=r"read-?only"), engine.begin() as connection:
        connection.execute(text("UPDATE srv_ghost_files SET deleted = NULL"))
    engine.dispose()


def test_a_sqlite_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    source = DatabaseSource(f"sqlite:///{tmp_path}/core.sqlite")
    with pytest.raises(SourceUnavailable, match="OperationalError"):
        source.read("global/file")
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_away_is_asked_again_after_a_while(tmp_path: Path) -> None:
    clock = Clock()
    file = tmp_path / "core.sqlite"
    source = DatabaseSource(f"sqlite:///{file}", keep_seconds=3, now=clock)
    for moment in (0, 2.9):
        clock.time = 1_000 + moment
        with pytest.raises(SourceUnavailable):
            source.read("global/file")
        _change(file, "" if file.exists() else SQLITE)
    clock.time = 1_003
    assert source.read("global/file") == "Señal"


def test_a_server_that_does_not_answer_is_unavailable_and_named_without_its_password(tmp_path: Path) -> None:
    source = DatabaseSource(f"postgres://me:pass-word@/botpress?host={tmp_path}")
    with pytest.raises(SourceUnavailable) as refused:
        source.read("global/file")
    assert "OperationalError" in str(refused.value)
    assert "pass-word" not in str(refused.value)


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/db", "sqlite://"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="postgresql:// or sqlite:///"):
        read_only_engine(url)


def test_files_come_from_the_folder_while_the_database_has_no_workspaces(
    core_sqlite: Path, folder: DataFolder
) -> None:
    folder.write("global/file", "from the folder")
    clock = Clock()
    database = DatabaseSource(f"sqlite:///{core_sqlite}", now=clock)
    both = DatabaseOrFolder(database, FolderSource(folder.path))
    assert both.read("global/file") == "from the folder"
    _change(core_sqlite, "INSERT INTO srv_ghost_files VALUES ('data/global/workspaces.json', '[]', 0)")
    clock.time += 10
    assert both.read("global/file") == "Señal"


def test_a_row_that_can_not_be_read_is_one_file_s_trouble(core_sqlite: Path) -> None:
    broken = "INSERT INTO srv_ghost_files VALUES ('data/bots/broken', CAST(x'7bff' AS text), 0)"
    _change(core_sqlite, broken)
    source = DatabaseSource(f"sqlite:///{core_sqlite}", now=Clock())
    with pytest.raises(SourceUnavailable, match="data/bots/broken"):
        source.read("bots/broken")
    assert source.read("global/file") == "Señal"


def test_a_frozen_server_is_given_up_after_a_while_and_holds_up_nobody_else(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LONGEST_QUESTION", 1.0)
    clock = Clock()
    with new_server(postgres_server) as server:
        url = f"postgresql+psycopg://postgres@/postgres?host={server.host}"
        _fill(url)
        source = DatabaseSource(url, now=clock)
        assert source.read("global/file") == "Señal"
        clock.time += 10
        with server.frozen():
            for _ in range(50):  # only one of them waits
                with pytest.raises(SourceUnavailable):
                    source.read("global/file")
            clock.time += 10
            with pytest.raises(SourceUnavailable):
                source.read("global/file")
        clock.time += 10
        assert source.read("global/file") == "Señal"
        source.close()
        for thread in threading.enumerate():
            if thread.name == WAITS:  # for the server that was frozen
                thread.join(10)
