"""Imports one file: in short transactions, by one worker, wholly or not at all."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot_config.problems import FilesRefusal, SourceUnavailable
from outbound_campaigns.audience.importing.inserting import (
    Encoded,
    Target,
    countries_of,
    encoded,
    insert_recipients,
    keep_refused,
    skip_opted_out,
)
from outbound_campaigns.audience.importing.job import (
    RETRIES,
    CampaignClosed,
    Job,
    Stopped,
    Superseded,
    Timer,
    change_import,
    write,
)
from outbound_campaigns.audience.importing.queue import TAKES_RECIPIENTS, due_at, failure, running_by
from outbound_campaigns.audience.importing.replacing import replace_flawed
from outbound_campaigns.audience.importing.workbook import converted
from outbound_campaigns.audience.judging.anew import first_judged_by, judge_if_changed
from outbound_campaigns.audience.judging.basis import Basis, basis_of
from outbound_campaigns.audience.judging.row_judge import RowJudge
from outbound_campaigns.audience.reading.csv_reader import Chunk, CsvFile, open_csv
from outbound_campaigns.audience.reading.phone_column import PHONE_NUMBER
from outbound_campaigns.audience.reading.refused import BadFile, RowRefusal
from outbound_campaigns.audience.reading.rows import FileWishes, Row
from outbound_campaigns.audience.workbooks.conversion import is_workbook
from outbound_campaigns.campaigns import campaign_rows, opt_outs
from outbound_campaigns.campaigns.counting import shift_countries, shift_errors
from outbound_campaigns.database.models import Campaign, Import
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.flaws import FLAW_CODES
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.domain.phone_numbers import NumberRules
from outbound_campaigns.domain.row_refusals import FileCode, RowCode

CHUNK_ON_SQLITE, CHUNK_ON_POSTGRESQL = 1000, 5000
"""rows in a transaction; on SQLite, where others wait meanwhile, it has to end within 50 ms"""

_log = logging.getLogger(__name__)

_SYSTEM = Timer()


def run_import(
    database: Database,
    import_id: int,
    worker: str,
    number_rules: Callable[[Campaign], NumberRules],
    timer: Timer = _SYSTEM,
    is_stopping: Callable[[], bool] = lambda: False,
    between: Callable[[], None] = lambda: None,
) -> None:
    """Import a claimed file to its end: completed, or failed with its rows to be deleted again.

    Between two chunks, `is_stopping` may end the import because the process has to end: it then fails; and
    `between` may do something else, such as importing a small file. Raises only when the database stayed
    unavailable; claim_import then finds what was left behind.
    """
    with database.read() as session:
        row = session.execute(sa.select(Import).where(Import.id == import_id, running_by(worker))).scalar()
        if row is None:
            return
        campaign = campaign_rows.get(session, row.campaign_id)
    job = Job(database, row, campaign.bot_id, worker, is_stopping, between, timer)
    try:
        error = _attempt(job, campaign, number_rules)
        _end(job, error)
    except Superseded:
        _log.warning("import %s was given up by another process", import_id)
    finally:
        Path(row.path).unlink(missing_ok=True)


def _attempt(
    job: Job, campaign: Campaign, number_rules: Callable[[Campaign], NumberRules]
) -> dict[str, Any] | None:
    """Return why the import failed, as it is stored; None when the whole file is imported."""
    try:
        rules = _rules(job, campaign, number_rules)
        told = (job.row.encoding, job.row.phone_column)
        judge_of = partial(_judge, job, campaign)
        _import_file(job, campaign, FileWishes(judge_of, rules, *told))
    except Superseded:
        raise
    except Stopped:
        return {"code": str(FileCode.IMPORT_INTERRUPTED)}
    except BadFile as refused:
        if refused.choices:
            choices: dict[str, Any] = dict(refused.choices)
            write(job, partial(change_import, job=job, **choices))
        return {"code": str(refused.code), **refused.values}
    except FilesRefusal:
        return {"code": str(FileCode.SETTINGS_UNREADABLE)}
    except (CampaignClosed, IntegrityError):  # a deleted campaign breaks the foreign key
        return {"code": str(FileCode.CAMPAIGN_CLOSED)}
    except OSError:
        return {"code": str(FileCode.FILE_UNREADABLE)}
    except Exception as error:
        # The error's message may show rows of the file.
        _log.error("import %s broke: %s", job.row.id, type(error).__name__)
        return {"code": str(FileCode.IMPORT_BROKEN)}
    return None


def _rules(job: Job, campaign: Campaign, number_rules: Callable[[Campaign], NumberRules]) -> NumberRules:
    """Return how numbers are read; where Botpress's files are away for a while, wait for them."""
    for wait in RETRIES:
        try:
            return number_rules(campaign)
        except SourceUnavailable:
            if job.is_stopping():
                raise Stopped from None
            job.timer.sleep(wait)
    return number_rules(campaign)


def _judge(job: Job, campaign: Campaign, columns: Sequence[str]) -> RowJudge:
    """Return the judge of a file's rows by its columns."""
    with job.database.read() as session:
        return _basis(session, campaign, columns).judge(job.database.now(session))


def _basis(session: Session, campaign: Campaign, columns: Sequence[str]) -> Basis:
    """Return what a file's rows are judged by; its columns come after those of earlier files."""
    known = campaign_rows.columns(session, campaign.id) or []
    names = {name.casefold(): name for name in [*columns, *known]}
    in_order = dict.fromkeys(names[name.casefold()] for name in [*known, *columns])
    return basis_of(campaign, list(in_order), campaign.template_definition)


def _import_file(job: Job, campaign: Campaign, wanted: FileWishes) -> None:
    path, begin = Path(job.row.path), 0
    if is_workbook(path):
        wanted, begin = converted(job, path, wanted), job.row.size // 2
    with open_csv(path, wanted) as file:
        understood = {
            "encoding": file.encoding,
            "delimiter": file.delimiter,
            "columns": file.columns,
            "phone_column": file.phone_column,
        }

        def begin_with(session: Session) -> None:
            change_import(session, job, **understood)
            first_judged_by(session, campaign.id, _basis(session, campaign, file.kept_names).fingerprint)

        write(job, begin_with)
        if _store_all(job, file, begin, path.stat().st_size) == 0:
            raise BadFile(FileCode.FILE_WITHOUT_ROWS)


def _store_all(job: Job, file: CsvFile, begin: int, size: int) -> int:
    """Store the rows of a file of `size` bytes. Returns how many it had.

    `begin` is how far the upload had come before, in its own bytes. On SQLite, after each chunk others get as
    much time as the chunk took.
    """
    rows, next_at = 0, job.timer.elapsed()
    scale = (job.row.size - begin) / size
    size = CHUNK_ON_SQLITE if job.database.is_sqlite else CHUNK_ON_POSTGRESQL
    for chunk in file.chunks(size):
        if job.is_stopping():
            raise Stopped
        accepted = encoded(chunk.accepted)
        if job.database.is_sqlite:
            job.timer.sleep(max(0.0, next_at - job.timer.elapsed()))
        seen = {
            "done": begin + int(chunk.done * scale),
            "restored": chunk.restored,
            "restored_sample": [example._asdict() for example in file.examples],
            "text_sample": list(file.accented),
        }
        took = write(job, partial(_store, job=job, chunk=chunk, accepted=accepted, before=rows, seen=seen))
        next_at = job.timer.elapsed() + took
        rows += len(chunk)
        job.between()
    return rows


def _store(
    session: Session, job: Job, chunk: Chunk, accepted: Encoded, before: int, seen: Mapping[str, Any]
) -> None:
    ours = sa.select(Import.rows).where(Import.id == job.row.id, running_by(job.worker))
    stored = session.execute(ours.with_for_update()).scalar()
    if stored is None:
        raise Superseded
    if stored == before + len(chunk):
        return  # it was committed, but the answer was lost
    target = Target(job.row.campaign_id, job.row.id, due_at(job.row.id), job.database.now(session))
    duplicates = insert_recipients(session, target, accepted)
    replaced = replace_flawed(session, target, duplicates, PHONE_NUMBER)
    taken = {one.row.row for one in replaced}
    duplicates = [row for row in duplicates if row.row not in taken]
    left_out = {row.row for row in duplicates}
    rows = [row for row in chunk.accepted if row.row not in left_out] if left_out else chunk.accepted
    opted_out = skip_opted_out(session, job.bot_id, target, rows)
    keep_refused(session, job.row.id, [*chunk.refused, *map(_duplicate, duplicates)])
    codes = Counter(opt_outs.OPTED_OUT if row.phone_key in opted_out else row.error_code for row in rows)
    _count(session, job.row.campaign_id, codes, Counter(one.code for one in replaced))
    inserted = accepted.countries - countries_of([*duplicates, *(one.row for one in replaced)])
    shift_countries(session, job.row.campaign_id, inserted)
    change_import(
        session,
        job,
        **seen,
        rows=Import.rows + len(chunk),
        imported=Import.imported + len(rows),
        flawed=Import.flawed + sum(codes[code] for code in FLAW_CODES),
        duplicates=Import.duplicates + len(duplicates),
        invalid=Import.invalid + len(chunk.refused),
    )


def _count(session: Session, campaign_id: int, new: Counter[str | None], replaced: Counter[str]) -> None:
    """Count rows by their codes, late in the transaction: the campaign is locked only for the commit."""
    pending = new.pop(None, 0)
    skipped = new.total() - replaced.total()
    open_still = sa.update(Campaign).where(Campaign.id == campaign_id, Campaign.status.in_(TAKES_RECIPIENTS))
    counts = {
        "pending_count": Campaign.pending_count + pending,
        "skipped_count": Campaign.skipped_count + skipped,
    }
    if not change(session, open_still.values(counts)):
        raise CampaignClosed
    changes = Counter({code: count for code, count in new.items() if code is not None})
    changes.subtract(replaced)
    shift_errors(session, campaign_id, {(RecipientStatus.SKIPPED, code): n for code, n in changes.items()})


def _duplicate(row: Row) -> RowRefusal:
    return RowRefusal(row.row, PHONE_NUMBER, row.phone_number, RowCode.DUPLICATE)


def _end(job: Job, error: dict[str, Any] | None) -> None:
    def end(session: Session) -> None:
        values = failure(error) if error else {"status": "completed", "done": Import.size}
        change_import(session, job, finished_at=job.database.now(session), **values)
        campaign = session.get(Campaign, job.row.campaign_id, with_for_update=True)
        if error is None and campaign is not None:
            # Its columns may have changed what fills the template.
            judge_if_changed(session, campaign)

    write(job, end)
