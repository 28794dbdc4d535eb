"""Inserts the rows of a file: a chunk is passed as one JSON text, in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.audience.reading.refused import RowRefusal
from outbound_campaigns.audience.reading.rows import Row
from outbound_campaigns.campaigns import opt_outs, skipping
from outbound_campaigns.database import json_rows
from outbound_campaigns.database.models import Recipient
from outbound_campaigns.database.statements import change, rows_changed
from outbound_campaigns.domain.countries import count_countries

# Rows are inserted in the file's order, so that the first of two duplicates wins and ids follow the file.
# Without WHERE, SQLite would parse the ON of the conflict as that of a join.
_RECIPIENTS = json_rows.statement(
    """
    INSERT INTO outbound_recipients (campaign_id, import_id, "row", phone_number, phone_key, variables,
        status, error_code, error_detail, attempts, last_attempt, next_attempt_at, updated_at)
    SELECT :campaign_id, :import_id, "row", phone_number, phone_key, variables,
        CASE WHEN error_code IS NULL THEN 'pending' ELSE 'skipped' END, error_code, error_detail,
        0, 0, :due_at, :now
    FROM {rows} AS new WHERE true ORDER BY key
    ON CONFLICT (campaign_id, phone_key) DO NOTHING
    """,
    **{
        '"row"': "integer",
        "phone_number": "text",
        "phone_key": "text",
        "variables": "json",
        "error_code": "text",
        "error_detail": "text",
    },
)
_REFUSED = json_rows.statement(
    """
    INSERT INTO outbound_refused_rows (import_id, "row", "column", value, code)
    SELECT :import_id, "row", "column", cell, code
    FROM {rows} AS new ORDER BY key
    """,
    **{'"row"': "integer", '"column"': "text", "cell": "text", "code": "text"},
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where and when rows are inserted, and since when due: one moment for a file, to keep its order."""

    campaign_id: int
    import_id: int
    due_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rows with the JSON text that is passed to the database, and how many are of each country.

    Made before a transaction, to keep that short.
    """

    rows: Sequence[Row]
    text: str
    countries: Counter[str]


def encoded(rows: Sequence[Row]) -> Encoded:
    return Encoded(rows, json_rows.encode(rows), countries_of(rows))


def countries_of(rows: Iterable[Row]) -> Counter[str]:
    return count_countries(row.phone_number for row in rows)


def insert_recipients(session: Session, target: Target, new: Encoded) -> list[Row]:
    """Insert rows as recipients: pending, or skipped for their flaw.

    Returns those whose person was in the campaign already.
    """
    if not new.rows:
        return []
    values = {
        "campaign_id": target.campaign_id,
        "import_id": target.import_id,
        "due_at": target.due_at,
        "now": target.now,
        "rows": new.text,
    }
    if rows_changed(json_rows.run(session, _RECIPIENTS, **values)) == len(new.rows):
        return []
    inserted = _rows_in_campaign(session, target, [row.phone_key for row in new.rows])
    return [row for row in new.rows if row.row not in inserted]


def skip_opted_out(session: Session, bot_id: str, target: Target, stored: Iterable[Row]) -> set[str]:
    """Turn rows just stored to skipped where the person has opted out of the bot, whatever their flaw.

    Returns the keys of those people.
    """
    opted_out = opt_outs.among(session, bot_id, {row.phone_key for row in stored})
    if opted_out:
        theirs = sa.and_(
            Recipient.campaign_id == target.campaign_id,
            Recipient.phone_key.in_(opted_out),
            Recipient.import_id == target.import_id,
        )
        values = skipping.skipped(opt_outs.OPTED_OUT, target.now)
        change(session, sa.update(Recipient).where(theirs).values(**values))
    return opted_out


def keep_refused(session: Session, import_id: int, refused: Iterable[RowRefusal]) -> None:
    rows = list(refused)
    if rows:
        json_rows.run(session, _REFUSED, import_id=import_id, rows=json_rows.encode(rows))


def _rows_in_campaign(session: Session, target: Target, keys: Sequence[str]) -> set[int | None]:
    """Return which rows of this file were inserted for these keys."""
    query = sa.select(Recipient.row).where(
        Recipient.campaign_id == target.campaign_id,
        Recipient.phone_key.in_(keys),
        Recipient.import_id == target.import_id,
    )
    return set(session.execute(query).scalars())
