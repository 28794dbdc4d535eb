"""Deletes the rows of an import in short steps, because it failed or an operator wants it gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.audience.importing.queue import due_at
from outbound_campaigns.audience.judging.anew import judge_if_changed
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.counting import State, forget, shift_countries
from outbound_campaigns.database.models import Campaign, Import, Recipient, RefusedRow
from outbound_campaigns.database.statements import change, change_returning
from outbound_campaigns.domain.countries import count_countries
from outbound_campaigns.domain.flaws import FLAW_CODES
from outbound_campaigns.domain.lifecycle import CampaignStatus, RecipientStatus
from outbound_campaigns.domain.refusals.state import IllegalMove
from outbound_campaigns.domain.row_refusals import RowCode

Deleted = tuple[State, str]
"""what a recipient was counted as, and its phone number"""


def remove_import(session: Session, campaign_id: int, import_id: int, act: Act) -> None:
    """Remove a file from a campaign that never started: hidden at once, its rows follow (undo_some).

    Raises CampaignNotFound, ImportNotFound, IllegalMove or ImportUnderWay.
    """
    campaign = campaign_rows.get_to_change(session, campaign_id)
    removed = campaign_rows.import_of(session, campaign_id, import_id)
    if campaign.started_at is not None or campaign.status == CampaignStatus.CANCELLED:
        raise IllegalMove(event="remove_import", status=campaign.status)
    campaign_rows.must_not_be_importing(session, campaign_id)
    removed.status, removed.undoing = "removed", True
    session.flush()
    judge_if_changed(session, campaign)  # without its columns, others may fill the template
    why = {"code": "remove_import", "file_name": removed.file_name}
    campaign_rows.record_event(session, campaign_id, "remove_import", Act(act.who, act.at, why))


def being_undone(session: Session) -> Sequence[int]:
    """Return the ids of imports whose rows are to be deleted."""
    return session.execute(sa.select(Import.id).where(Import.undoing).order_by(Import.id)).scalars().all()


def undo_some(session: Session, import_id: int, now: datetime, limit: int) -> int:
    """Delete up to `limit` rows of an import, refused ones after the others. Returns how many.

    Its figures fall with them. Rows that moved on meanwhile (cancelled with their campaign) stay. With none
    left, the undoing has ended, and nothing of a removed import remains.
    """
    being_undone_now = sa.and_(Import.id == import_id, Import.undoing)
    # A campaign is locked before its rows, as everywhere.
    of_import = sa.select(Import.campaign_id).where(being_undone_now).scalar_subquery()
    session.execute(sa.select(Campaign.id).where(Campaign.id == of_import).with_for_update())
    undone = session.execute(sa.select(Import).where(being_undone_now).with_for_update()).scalar()
    if undone is None:
        return 0
    pending = _delete_pending(session, undone, limit)
    skipped = _delete_skipped(session, undone, limit - len(pending))
    gone = [*pending, *skipped]
    imported = len(gone)
    if imported:
        forget(session, undone.campaign_id, Counter(state for state, _ in gone))
        countries = count_countries(number for _, number in gone)
        shift_countries(
            session, undone.campaign_id, {country: -count for country, count in countries.items()}
        )
        campaign_rows.update(session, undone.campaign_id, updated_at=now)
    codes = _delete_refused(session, undone, limit - imported)
    duplicates = codes.count(RowCode.DUPLICATE)
    undone.imported -= imported
    undone.flawed -= sum(state.code in FLAW_CODES for state, _ in skipped)
    undone.duplicates -= duplicates
    undone.invalid -= len(codes) - duplicates
    undone.rows -= imported + len(codes)
    undone.undoing = imported + len(codes) > 0
    if not undone.undoing:
        # The engine may have ended between failing the import and removing the file.
        Path(undone.path).unlink(missing_ok=True)
        if undone.status == "removed":
            session.delete(undone)
    session.flush()
    return imported + len(codes)


def _delete_pending(session: Session, undone: Import, limit: int) -> list[Deleted]:
    """Delete pending rows."""
    # Finds them by the index of due rows: the rows of one file are due since the same moment.
    return _delete(
        session,
        undone,
        limit,
        Recipient.status == RecipientStatus.PENDING,
        Recipient.next_attempt_at == due_at(undone.id),
    )


def _delete_skipped(session: Session, undone: Import, limit: int) -> list[Deleted]:
    """Delete rows with a flaw, and those whose person has opted out."""
    return _delete(session, undone, limit, Recipient.status == RecipientStatus.SKIPPED)


def _delete(
    session: Session,
    undone: Import,
    limit: int,
    is_one: sa.ColumnElement[bool],
    *also: sa.ColumnElement[bool],
) -> list[Deleted]:
    some = sa.select(Recipient.id).where(
        Recipient.campaign_id == undone.campaign_id,
        is_one,
        *also,
        Recipient.import_id == undone.id,
        Recipient.last_attempt == 0,
    )
    ids = session.execute(some.order_by(Recipient.id).limit(limit)).scalars().all()
    # Some may have moved on meanwhile.
    told = (Recipient.status, Recipient.error_code, Recipient.phone_number)
    gone = sa.delete(Recipient).where(Recipient.id.in_(ids), is_one).returning(*told)
    return [
        (State(RecipientStatus(status), code), number)
        for status, code, number in change_returning(session, gone).all()
    ]


def _delete_refused(session: Session, undone: Import, limit: int) -> list[str]:
    """Delete refused rows. Returns their codes."""
    of_import = RefusedRow.import_id == undone.id
    some = sa.select(RefusedRow.row, RefusedRow.code).where(of_import).order_by(RefusedRow.row).limit(limit)
    found = session.execute(some).all()
    if found:
        change(session, sa.delete(RefusedRow).where(of_import, RefusedRow.row <= found[-1].row))
    return [row.code for row in found]
