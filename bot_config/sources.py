"""Reads the text of Botpress's files from the data folder, or from rows of srv_ghost_files."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote

from sqlalchemy import Boolean, Engine, Select, Text, cast, column, create_engine, select, table
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot_config.files import FileState, UnusableFile, file_state, read_text
from bot_config.problems import BotConfigBroken, SourceUnavailable
from bot_config.texts import problem
from bot_config.time_limit import within

WORKSPACES = "global/workspaces.json"
LARGEST_FILE = 16 * 1024 * 1024
# A file system's clock ticks in steps of some milliseconds, so that a file written twice within one
# step may look unchanged: a text is kept only when its file has been left alone for this long.
SETTLED_SECONDS = 1.0
LONGEST_QUESTION = 3.0
"""seconds that anybody waits for Botpress's database, which may be frozen and say nothing at all"""
LONGEST_SIGN_OF_LIFE = 1.0


class Source(Protocol):
    """A source of the texts of Botpress's files, by paths in the data folder: "bots/demo/bot.config.json"."""

    def read(self, path: str) -> str | None:
        """Return the text, or None when there is no such file.

        Raises SourceUnavailable when the source can't be read, BotConfigBroken when the file is unusable.
        """
        ...


class StoredChannels(Protocol):
    """A source of the channels that Admin > Channels stored for a bot."""

    def channels(self, bot_id: str) -> str | None:
        """Return the JSON text of an object {channel name: configuration}; None when nothing is stored."""
        ...


class FolderSource:
    """Files of Botpress's data folder; a text is cached while its file's state stays the same."""

    def __init__(self, data_dir: Path, now: Callable[[], float] = time.time) -> None:
        self._data_dir = data_dir
        self._now = now
        self._kept: dict[str, tuple[FileState, str]] = {}

    def read(self, path: str) -> str | None:
        """Read as Source.read does; a path that leads outside the data folder, links followed, is refused."""
        try:
            return self._text(path, self._inside(path))
        except UnusableFile as error:
            broken = problem(f"file.{error.reason}", file=f"data/{path}", why=error.why, limit=LARGEST_FILE)
            refusal = SourceUnavailable if error.reason == "unreadable" else BotConfigBroken
            raise refusal(broken) from None

    def _inside(self, path: str) -> Path:
        root = os.path.realpath(self._data_dir)
        try:
            place = Path(os.path.realpath(Path(root, path)))
        except ValueError:  # a NUL or a lone surrogate: no file has such a name
            raise BotConfigBroken(problem("file.outside", file="data/")) from None
        if not place.is_relative_to(root):
            raise BotConfigBroken(problem("file.outside", file=f"data/{path}"))
        return place

    def _text(self, path: str, place: Path) -> str | None:
        state = file_state(place, LARGEST_FILE)
        kept = self._kept.get(path)
        if kept and kept[0] == state:
            return kept[1]
        self._kept.pop(path, None)
        found = read_text(place, LARGEST_FILE)
        if found and self._now() - found[0][0] / 1e9 > SETTLED_SECONDS:
            self._kept[path] = found
        return found[1] if found else None


_FILES = table("srv_ghost_files", column("file_path", Text), column("content"), column("deleted", Boolean))
_CHANNELS = table("srv_channels", column("botId", Text), column("config"))


class DatabaseSource:
    """Files and channels in Botpress's database, read again once an answer is `keep_seconds` old.

    Botpress has two kinds: PostgreSQL (a schema other than public goes into the URL as
    `?options=-csearch_path%3Dname`), and SQLite, which is opened read-only for each question alone, so that
    no open transaction ever delays Botpress's own writes.
    """

    def __init__(
        self, url: str, keep_seconds: float = 3.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._engine = read_only_engine(url)
        self._keep_seconds = keep_seconds
        self._now = now
        self._answers: dict[tuple[str, str], tuple[float, str | None]] = {}
        self._away: tuple[float, SourceUnavailable] | None = None
        self._asking = threading.Lock()
        self._closed = False

    def read(self, path: str) -> str | None:
        """Read as Source.read does, from the row that is not marked as deleted."""
        question = select(_FILES.c.content).where(
            _FILES.c.file_path == f"data/{path}", _FILES.c.deleted.is_(False)
        )
        return self._answer(("file", path), question, f"data/{path}")

    def channels(self, bot_id: str) -> str | None:
        """Read as StoredChannels.channels does."""
        question = select(cast(_CHANNELS.c.config, Text)).where(_CHANNELS.c.botId == bot_id)
        return self._answer(("channels", bot_id), question, "srv_channels.config")

    def close(self) -> None:
        """Close all connections, and those of questions that were given up when they end."""
        self._closed = True
        self._engine.dispose()

    def _answer(self, key: tuple[str, str], question: Select[Any], name: str) -> str | None:
        kept = self._answers.get(key)
        if kept and self._now() - kept[0] < self._keep_seconds:
            return kept[1]
        text = _decoded(self._ask(question, name), name)
        self._answers[key] = (self._now(), text)
        return text

    def _ask(self, question: Select[Any], name: str) -> object:
        away = self._away
        if away is None:
            return self._try(question, name)
        # A failed connection may take seconds, which the next questions need not spend again: one of them
        # tries from time to time, the others are refused at once.
        if self._now() - away[0] < self._keep_seconds or not self._asking.acquire(blocking=False):
            raise SourceUnavailable(away[1].problem)
        try:
            return self._try(question, name)
        finally:
            self._asking.release()

    def _try(self, question: Select[Any], name: str) -> object:
        try:
            answer = within(LONGEST_QUESTION, lambda: self._answer_to(question))
        except (SQLAlchemyError, TimeoutError) as error:
            kind = type(getattr(error, "orig", None) or error).__name__
            if not isinstance(error, TimeoutError) and self._answers_at_all():
                raise SourceUnavailable(problem("file.unreadable", file=name, why=kind)) from None
            away = SourceUnavailable(problem("source.database_away", kind=kind))
            self._away = (self._now(), away)
            raise away from None
        self._away = None
        return answer

    def _answers_at_all(self) -> bool:
        """Return whether only that one question, about one bot, has no answer."""
        try:
            within(LONGEST_SIGN_OF_LIFE, lambda: self._answer_to(select(1)))
        except (SQLAlchemyError, TimeoutError):
            return False
        return True

    def _answer_to(self, question: Select[Any]) -> object:
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                # Not when it connects: a pooler refuses that.
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(LONGEST_QUESTION * 1000)}")
            try:
                answer: object = connection.execute(question).scalar_one_or_none()
            finally:
                if self._closed:
                    connection.invalidate()  # its pool is gone
        return answer


class DatabaseOrFolder:
    """The database if Botpress stores its files there, else the folder: whichever has the workspaces."""

    def __init__(self, database: Source, folder: Source) -> None:
        self._database = database
        self._folder = folder

    def read(self, path: str) -> str | None:
        """Read as Source.read does; all files come from the same source."""
        in_database = self._database.read(WORKSPACES) is not None
        return (self._database if in_database else self._folder).read(path)


def read_only_engine(url: str) -> Engine:
    """Return an engine that can only read Botpress's database.

    Takes Botpress's own DATABASE_URL (postgres://…) and sqlite:///path. Raises ValueError for others.
    """
    try:
        place = make_url(url)
    except ArgumentError:
        place = URL.create("none")
    if place.get_backend_name() == "sqlite" and place.database:
        return _sqlite(place.database)
    if place.get_backend_name() in ("postgres", "postgresql"):
        return _postgresql(place)
    raise ValueError("the URL of Botpress's database must begin with postgresql:// or sqlite:///")


def _sqlite(database: str) -> Engine:
    file = f"file:{quote(str(Path(database).absolute()))}"
    place = URL.create("sqlite", database=file, query={"mode": "ro", "uri": "true"})
    return create_engine(place, poolclass=NullPool, connect_args={"timeout": 5})


def _postgresql(place: URL) -> Engine:
    return create_engine(
        place.set(drivername="postgresql+psycopg"),
        pool_size=2,
        pool_pre_ping=True,
        hide_parameters=True,
        # prepare_threshold None: a connection pooler before Botpress's database may lose prepared statements.
        connect_args={"connect_timeout": 5, "prepare_threshold": None},
        pool_timeout=LONGEST_QUESTION,
        execution_options={"postgresql_readonly": True},
    )


def _decoded(content: object, name: str) -> str | None:
    """Return a column's text: SQLite gives text for what Botpress wrote as a string, bytes for a buffer."""
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    if not isinstance(content, bytes | memoryview):
        return None
    try:
        return bytes(content).decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    # Raised here, so that the error does not carry the bytes along.
    raise BotConfigBroken(problem("file.not_text", file=name))
