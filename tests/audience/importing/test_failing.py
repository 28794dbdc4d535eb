"""An import that can't go on fails as a whole, and says so; none is done twice or half."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot_config.problems import SourceUnavailable
from bot_config.texts import problem
from outbound_campaigns.audience.importing import Timer, claim_import, fail_abandoned, run_import
from outbound_campaigns.audience.importing.job import RETRIES
from outbound_campaigns.campaigns.campaign_rows import update
from outbound_campaigns.database.models import Campaign, Event, Import
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.phone_numbers import NumberRules
from tests.support.files import HEADER, NO_TIME, Files, figures, rows

TWO_CHUNKS = HEADER + rows(0, 7000)


def no_rules(_: Campaign) -> NumberRules:
    raise LookupError("the bot is gone: 4422591631")


@dataclass
class Interruption:
    """Lets something happen, once, after so many write transactions of an import."""

    database: Database
    after: int
    happens: Callable[[], None]

    def __post_init__(self) -> None:
        self.engine, self.is_sqlite, self.now = (
            self.database.engine,
            self.database.is_sqlite,
            self.database.now,
        )
        self.read = self.database.read

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.database.write() as session:
            yield session
        self.after -= 1
        if self.after == 0:
            self.happens()


def interrupted(files: Files, happens: Callable[[], None], after: int = 2) -> Import:
    """Import two chunks; after the first of them something happens."""
    files.upload(TWO_CHUNKS)
    import_id = claim_import(files.database, "worker-1")
    assert import_id is not None
    database: Database = Interruption(files.database, after, happens)  # type: ignore[assignment]
    run_import(database, import_id, "worker-1", lambda _: NumberRules(), NO_TIME)
    return files.import_row(import_id)


@pytest.mark.parametrize("status", ["cancelled", "running"])
def test_a_campaign_that_takes_no_more_recipients_ends_its_import(files: Files, status: str) -> None:
    failed = interrupted(files, lambda: files.set_status(status))
    assert (failed.status, failed.error, failed.undoing) == ("failed", {"code": "campaign_closed"}, True)
    assert figures(failed)[1] == files.pending() < 7000


def test_a_campaign_that_was_deleted_ends_its_import(files: Files) -> None:
    def delete() -> None:
        with files.database.write() as session:
            for model in (Event, Import, Campaign):
                session.execute(sa.delete(model))

    files.upload(TWO_CHUNKS)
    import_id = claim_import(files.database, "worker-1")
    database: Database = Interruption(files.database, 1, delete)  # type: ignore[assignment]
    run_import(database, import_id or 0, "worker-1", lambda _: NumberRules(), NO_TIME)
    assert files.recipients() == []


def test_a_file_whose_end_is_broken_is_not_half_imported(files: Files) -> None:
    failed = files.take(TWO_CHUNKS + '4429999999,"never closed\n')
    assert failed.error is not None
    assert (failed.error["code"], failed.error["row"], failed.undoing) == ("quote_not_closed", 7002, True)


def test_a_file_that_is_not_there_fails_its_import(files: Files) -> None:
    Path(files.import_row(files.upload(TWO_CHUNKS)).path).unlink()
    failed = files.import_row(files.run())
    assert (failed.status, failed.error) == ("failed", {"code": "file_unreadable"})


def test_an_unforeseen_error_fails_the_import_and_logs_nothing_of_the_file(
    files: Files, caplog: pytest.LogCaptureFixture
) -> None:
    import_id = files.upload(TWO_CHUNKS)
    claim_import(files.database, "worker-1")
    run_import(files.database, import_id, "worker-1", no_rules, NO_TIME)
    assert files.import_row(import_id).error == {"code": "import_broken"}
    assert "LookupError" in caplog.text
    assert "4422591631" not in caplog.text


class AwayFiles:
    """The bot's files: away for the first so many questions."""

    def __init__(self, questions: int) -> None:
        self.left = questions
        self.waited: list[float] = []

    def rules(self, _: Campaign) -> NumberRules:
        if self.left:
            self.left -= 1
            raise SourceUnavailable(problem("source.database_away", kind="OperationalError"))
        return NumberRules()


@pytest.mark.parametrize("questions", [1, len(RETRIES)])
def test_files_of_the_bots_that_are_away_for_a_while_are_waited_for(files: Files, questions: int) -> None:
    away = AwayFiles(questions)
    files.upload(HEADER + rows(0, 3))
    import_id = claim_import(files.database, "worker-1")
    assert import_id is not None
    run_import(files.database, import_id, "worker-1", away.rules, Timer(sleep=away.waited.append))
    assert files.import_row(import_id).status == "completed"
    assert away.waited[:questions] == list(RETRIES[:questions])


def test_an_import_whose_bot_can_not_be_read_at_all_says_so(files: Files) -> None:
    files.upload(HEADER + rows(0, 3))
    import_id = claim_import(files.database, "worker-1")
    assert import_id is not None
    run_import(files.database, import_id, "worker-1", AwayFiles(100).rules, NO_TIME)
    assert files.import_row(import_id).error == {"code": "settings_unreadable"}


def test_an_import_that_was_given_up_by_others_stops_and_leaves_its_end_to_them(files: Files) -> None:
    def give_up() -> None:
        fail_abandoned(files.database, "worker-2")

    failed = interrupted(files, give_up)
    assert (failed.error, failed.undoing) == ({"code": "import_interrupted"}, True)
    assert figures(failed)[1] == files.pending() < 7000


def test_only_the_worker_that_claimed_a_file_imports_it(files: Files) -> None:
    import_id = files.upload(TWO_CHUNKS)
    run_import(files.database, import_id, "worker-1", lambda _: NumberRules(), NO_TIME)
    assert files.import_row(import_id).status == "running"
    assert files.recipients() == []


class Away(Interruption):
    """A database that is away from a moment on, or whose answers are: so many times."""

    times = 0
    commits = False

    @contextmanager
    def write(self) -> Iterator[Session]:
        self.after -= 1
        is_away = self.after < 0 and self.times > 0
        self.times -= is_away
        if is_away and not self.commits:
            raise OperationalError("BEGIN", {}, Exception("gone"))
        with self.database.write() as session:
            yield session
        if is_away:
            raise OperationalError("COMMIT", {}, Exception("gone"))


def import_while_away(files: Files, times: int, commits: bool) -> tuple[int, list[float]]:
    """The import, and what it waited."""
    files.upload(TWO_CHUNKS + "x,y\n" + rows(0, 1))
    import_id = claim_import(files.database, "worker-1") or 0
    away = Away(files.database, 2, lambda: None)
    away.times, away.commits = times, commits
    waits: list[float] = []
    database: Database = away  # type: ignore[assignment]
    run_import(database, import_id, "worker-1", lambda _: NumberRules(), Timer(lambda: 0.0, waits.append))
    return import_id, [wait for wait in waits if wait]


@pytest.mark.parametrize("commits", [True, False])
def test_a_database_that_is_away_for_a_while_costs_no_row_and_doubles_none(
    files: Files, commits: bool
) -> None:
    import_id, waits = import_while_away(files, 3, commits)
    assert files.import_row(import_id).status == "completed"
    assert figures(files.import_row(import_id)) == (7002, 7000, 1, 1)
    assert sorted(waits)[-1] <= RETRIES[2]
    assert files.pending() == 7000


def test_an_import_left_behind_by_a_database_that_stayed_away_fails_with_the_next_claim(files: Files) -> None:
    with pytest.raises(OperationalError):
        import_while_away(files, 1000, commits=False)
    assert claim_import(files.database, "worker-1") is None
    with files.database.read() as session:
        left = session.execute(sa.select(Import)).scalar_one()
    assert (left.status, left.error, left.undoing) == ("failed", {"code": "import_interrupted"}, True)


class Slow(Interruption):
    """A database whose transactions take a tenth of a second."""

    passed = 0.0

    @contextmanager
    def write(self) -> Iterator[Session]:
        with self.database.write() as session:
            yield session
            self.passed += 0.1


def test_on_sqlite_others_get_as_much_time_as_each_chunk_took(files: Files) -> None:
    import_id = files.upload(HEADER + rows(0, 3000))
    claim_import(files.database, "worker-1")
    slow = Slow(files.database, 0, lambda: None)
    waits: list[float] = []
    database: Database = slow  # type: ignore[assignment]
    timer = Timer(lambda: slow.passed, waits.append)
    run_import(database, import_id, "worker-1", lambda _: NumberRules(), timer)
    expected = [0.0, 0.1, 0.1] if files.database.is_sqlite else []
    assert waits == pytest.approx(expected)


def test_progress_shows_after_each_chunk(files: Files) -> None:
    seen: list[int] = []
    import_id = files.upload(HEADER + rows(0, 12_000))
    claim_import(files.database, "worker-1")

    def look() -> None:
        seen.append(files.import_row(import_id).imported)

    database: Database = Interruption(files.database, 3, look)  # type: ignore[assignment]
    run_import(database, import_id, "worker-1", lambda _: NumberRules(), NO_TIME)
    assert 0 < seen[0] < 12_000


def test_updating_a_campaign_during_its_import_loses_neither(files: Files) -> None:
    def rename() -> None:
        with files.database.write() as session:
            update(session, files.campaign_id, name="renamed")

    interrupted(files, rename)
    assert (files.campaign().name, files.pending()) == ("renamed", 7000)
