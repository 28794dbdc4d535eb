"""Recipients' rows as receipts see and change them: read, and written, with one statement for many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns.counting import State
from outbound_campaigns.database import json_rows
from outbound_campaigns.database.json_rows import as_text
from outbound_campaigns.database.models import Recipient
from outbound_campaigns.domain.lifecycle import RecipientStatus


@dataclass(slots=True)
class ReceiptRow:
    """The part of a locked recipient that receipts look at and change."""

    id: int
    status: str
    attempts: int
    last_attempt: int
    message_uuid: str | None
    error_code: str | None
    error_detail: str | None
    next_attempt_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    read_at: datetime | None
    failed_at: datetime | None

    @property
    def state(self) -> State:
        return State(RecipientStatus(self.status), self.error_code)


_NAMES = tuple(field.name for field in fields(ReceiptRow))
_values = attrgetter(*_NAMES)

_WRITE = json_rows.statement(
    """
    UPDATE outbound_recipients SET status = new.status, attempts = new.attempts,
        last_attempt = new.last_attempt, message_uuid = new.message_uuid, error_code = new.error_code,
        error_detail = new.error_detail, next_attempt_at = new.next_attempt_at, sent_at = new.sent_at,
        delivered_at = new.delivered_at, read_at = new.read_at, failed_at = new.failed_at,
        claimed_by = CASE WHEN new.status = 'sending' THEN claimed_by END,
        claimed_until = CASE WHEN new.status = 'sending' THEN claimed_until END, updated_at = :now
    FROM {rows} AS new
    WHERE outbound_recipients.id = new.id
    """,
    found_by="outbound_recipients.id",
    # In the order of ReceiptRow.
    id="bigint",
    status="text",
    attempts="integer",
    last_attempt="integer",
    message_uuid="text",
    error_code="text",
    error_detail="text",
    next_attempt_at="timestamptz",
    sent_at="timestamptz",
    delivered_at="timestamptz",
    read_at="timestamptz",
    failed_at="timestamptz",
)


class LockedRows:
    """Recipients locked until the transaction ends, by id; those that were changed are written at the end."""

    def __init__(self, session: Session, ids: Iterable[int]) -> None:
        columns = [getattr(Recipient, name) for name in _NAMES]
        query = sa.select(*columns).where(Recipient.id.in_(set(ids))).order_by(Recipient.id)
        self._read: dict[int, tuple[Any, ...]] = {
            row[0]: tuple(row) for row in session.execute(query.with_for_update())
        }
        self.by_id = {id_: ReceiptRow(*row) for id_, row in self._read.items()}

    def write(self, session: Session, now: datetime) -> None:
        """Write the rows of which something is different."""
        values = ((row.id, _values(row)) for row in self.by_id.values())
        changed = [_as_json(row) for id_, row in values if row != self._read[id_]]
        if changed:
            json_rows.run(session, _WRITE, rows=json_rows.encode(changed), now=now)


def _as_json(values: Iterable[Any]) -> list[Any]:
    return [as_text(value) if isinstance(value, datetime) else value for value in values]
