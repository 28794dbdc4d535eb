"""Lets a good row take the place of a flawed one of the same person, as long as that was never tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.audience.importing.inserting import Target, keep_refused
from outbound_campaigns.audience.reading.refused import RowRefusal
from outbound_campaigns.audience.reading.rows import Row
from outbound_campaigns.campaigns import skipping
from outbound_campaigns.database.models import Import, Recipient
from outbound_campaigns.database.statements import change
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.domain.row_refusals import RowCode


@dataclass(frozen=True, slots=True)
class Replacement:
    """A row, and the flawed one whose place it took: of which import, at which row, with which code."""

    row: Row
    import_id: int | None
    number: int | None
    phone_number: str
    code: str


def replace_flawed(
    session: Session, target: Target, duplicates: Sequence[Row], phone_column: str
) -> Sequence[Replacement]:
    """Store the first good row of each person who is in the campaign with a flawed row alone.

    There the flawed row now counts as a duplicate.
    """
    good: dict[str, Row] = {}
    for row in duplicates:
        if row.error_code is None:
            good.setdefault(row.phone_key, row)
    if not good:
        return []
    flawed = sa.select(Recipient).where(
        Recipient.campaign_id == target.campaign_id,
        Recipient.phone_key.in_(list(good)),
        skipping.is_flawed(),
    )
    made = []
    for old in session.execute(flawed.order_by(Recipient.id).with_for_update()).scalars().all():
        row = good[old.phone_key]
        made.append(Replacement(row, old.import_id, old.row, old.phone_number, str(old.error_code)))
        old.import_id, old.row, old.phone_number, old.variables = (
            target.import_id,
            row.row,
            row.phone_number,
            row.cells,
        )
        old.status, old.error_code, old.error_detail = RecipientStatus.PENDING, None, None
        old.next_attempt_at, old.updated_at = target.due_at, target.now
    session.flush()
    _count_as_duplicates(session, made, phone_column)
    return made


def _count_as_duplicates(session: Session, made: Sequence[Replacement], phone_column: str) -> None:
    for import_id, count in sorted(
        Counter(one.import_id for one in made if one.import_id is not None).items()
    ):
        figures = {
            "imported": Import.imported - count,
            "flawed": Import.flawed - count,
            "duplicates": Import.duplicates + count,
        }
        change(session, sa.update(Import).where(Import.id == import_id).values(**figures))
        told = [
            RowRefusal(one.number, phone_column, one.phone_number, RowCode.DUPLICATE)
            for one in made
            if one.import_id == import_id and one.number is not None
        ]
        keep_refused(session, import_id, told)
