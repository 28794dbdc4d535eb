"""The queue of files that wait to be imported, and which worker imports each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Campaign, Import
from outbound_campaigns.database.statements import change, change_returning
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.lifecycle import CampaignStatus
from outbound_campaigns.domain.refusals.state import IllegalMove
from outbound_campaigns.domain.row_refusals import FileCode

TAKES_RECIPIENTS = (CampaignStatus.DRAFT, CampaignStatus.SCHEDULED, CampaignStatus.PAUSED)

SMALL = 1_000_000
"""bytes; a file of that size is imported within about a second"""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Upload:
    """A spooled file; `file_name` is the name that its owner gave it.

    `encoding`, `phone_column` and `sheet` are what they say of it, if they do; `template` is the campaign's
    as the account's list has it, where that could be read.
    """

    file_name: str
    path: Path
    size: int
    encoding: str | None = None
    phone_column: str | None = None
    sheet: str | None = None
    template: Mapping[str, Any] | None = None


def due_at(import_id: int) -> datetime:
    """Return since when a file's rows are due: long ago, so that a clock set back delays nobody.

    It is one moment for a whole file, and a later one for a later file, which keeps their order.
    """
    return _BEGINNING + timedelta(microseconds=import_id)


def add_import(session: Session, campaign_id: int, upload: Upload, act: Act) -> Import:
    """Queue a file; several may wait. Returns the import. Raises CampaignNotFound or IllegalMove."""
    campaign = campaign_rows.get_to_change(session, campaign_id)
    must_take_recipients(campaign)
    if upload.template is not None and campaign.started_at is None:
        campaign.template_definition = dict(upload.template)
    name = _plain_name(upload.file_name)
    added = Import(
        campaign_id=campaign_id,
        file_name=name,
        path=str(upload.path),
        size=upload.size,
        encoding=upload.encoding,
        phone_column=upload.phone_column,
        sheet=upload.sheet,
        created_at=act.at,
    )
    session.add(added)
    why = {"code": "import", "file_name": name}
    campaign_rows.record_event(session, campaign_id, "import", Act(act.who, act.at, why))
    return added


def must_take_recipients(campaign: Campaign) -> None:
    """Raise IllegalMove if the campaign's status allows no more recipients."""
    if campaign.status not in TAKES_RECIPIENTS:
        raise IllegalMove(event="import", status=campaign.status)


def claim_import(database: Database, worker: str, beside: int | None = None) -> int | None:
    """Claim the oldest waiting file for this worker. Returns its id, or None.

    In each campaign, one file at a time is imported or deleted again. A worker imports one file after the
    other, so an import that it still holds was left behind by an error, and fails. But `beside` one that is
    under way it imports small files, that nobody waits for somebody else's large one.
    """
    waiting, held = _waiting(), running_by(worker)
    if beside is not None:
        waiting, held = waiting.where(Import.size <= SMALL), sa.and_(held, Import.id != beside)
    with database.read() as session:
        found = session.execute(waiting.order_by(Import.id).limit(1)).first()
        left_behind = session.execute(sa.select(Import.id).where(held)).first()
    if left_behind is not None:
        _abandon(database, held)
    if found is None:
        return None
    with database.write() as session:
        session.execute(sa.select(Campaign.id).where(Campaign.id == found.campaign_id).with_for_update())
        still_waiting = Import.id.in_(waiting.with_only_columns(Import.id))
        claimed = sa.update(Import).where(Import.id == found.id, still_waiting).values(worker=worker)
        return found.id if change(session, claimed) else None


def fail_abandoned(database: Database, worker: str) -> Sequence[int]:
    """Fail the imports of other workers, whose processes have died. Returns the ids of those imports."""
    return _abandon(database, sa.and_(Import.status == "running", Import.worker != worker))


def failure(error: Mapping[str, Any]) -> dict[str, Any]:
    """Return the column values of an import that failed."""
    return {"status": "failed", "error": error, "undoing": Import.rows > 0}


def running_by(worker: str) -> sa.ColumnElement[bool]:
    """Return the condition for imports that this worker runs."""
    return sa.and_(Import.status == "running", Import.worker == worker)


def _abandon(database: Database, which: sa.ColumnElement[bool]) -> Sequence[int]:
    error = {"code": str(FileCode.IMPORT_INTERRUPTED)}
    with database.write() as session:
        values = {**failure(error), "finished_at": database.now(session)}
        failed = sa.update(Import).where(which).values(**values).returning(Import.id, Import.path)
        abandoned = change_returning(session, failed).all()
    for row in abandoned:
        Path(row.path).unlink(missing_ok=True)
    return [row.id for row in abandoned]


def _waiting() -> sa.Select[int, int]:
    other = aliased(Import)
    # A row that is being deleted must not turn the same person's row in the next file into a duplicate.
    busy = sa.select(other.campaign_id).where(
        sa.or_(sa.and_(other.status == "running", other.worker.is_not(None)), other.undoing)
    )
    return sa.select(Import.id, Import.campaign_id).where(
        Import.status == "running", Import.worker.is_(None), Import.campaign_id.not_in(busy)
    )


def _plain_name(name: str) -> str:
    """Return the last part of a path, as some browsers send it, without characters that can't be shown."""
    last = re.split(r"[\\/]", name)[-1]
    return "".join(filter(str.isprintable, last)).strip()[:255] or "file.csv"
