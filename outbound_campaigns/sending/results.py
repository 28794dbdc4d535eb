"""Writes the results of attempts into their rows: a batch takes one statement for each table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from outbound_campaigns.campaigns.counting import State
from outbound_campaigns.database import json_rows
from outbound_campaigns.database.json_rows import as_text
from outbound_campaigns.database.transactions import instant
from outbound_campaigns.domain.lifecycle import RecipientEvent, RecipientStatus
from outbound_campaigns.domain.outcome import CONSEQUENCES, Outcome
from outbound_campaigns.vonage.senders import Sender


class Result(NamedTuple):
    """The end of an attempt. Times are in seconds since 1970; `left_at` is None when no request was begun."""

    campaign_id: int
    sender: Sender
    recipient_id: int
    number: int
    slot: float
    outcome: Outcome
    left_at: float | None
    answered_at: float

    @property
    def left(self) -> datetime | None:
        return None if self.left_at is None else instant(self.left_at)


class LockedRow(NamedTuple):
    """A recipient's locked row: the part that decides what a result changes."""

    state: State
    last_attempt: int
    attempts: int


_LOCK = json_rows.statement(
    "SELECT id, status, error_code, last_attempt, attempts FROM outbound_recipients"
    " WHERE id {among_ids} ORDER BY id {for_update}"
)
_MOVE = json_rows.statement(
    """
    UPDATE outbound_recipients SET status = new.status, attempts = attempts + new.counted,
        claimed_by = NULL, claimed_until = NULL, message_uuid = new.message_uuid,
        error_code = new.code, error_detail = new.detail, updated_at = :now,
        next_attempt_at = coalesce(new.next_attempt_at, outbound_recipients.next_attempt_at),
        sent_at = coalesce(new.sent_at, outbound_recipients.sent_at),
        failed_at = coalesce(new.failed_at, outbound_recipients.failed_at)
    FROM {rows} AS new
    WHERE outbound_recipients.id = new.id
    """,
    found_by="outbound_recipients.id",
    id="bigint",
    status="text",
    counted="integer",
    message_uuid="text",
    code="text",
    detail="text",
    next_attempt_at="timestamptz",
    sent_at="timestamptz",
    failed_at="timestamptz",
)
_END = json_rows.statement(
    """
    UPDATE outbound_attempts SET sent_at = new.sent_at, answered_at = new.answered_at,
        outcome = new.outcome, code = new.code, detail = new.detail, message_uuid = new.message_uuid
    FROM {rows} AS new
    WHERE outbound_attempts.recipient_id = new.recipient_id AND outbound_attempts.number = new.number
        AND outbound_attempts.answered_at IS NULL
    """,
    found_by="outbound_attempts.recipient_id",
    returning="outbound_attempts.recipient_id, outbound_attempts.number",
    recipient_id="bigint",
    number="integer",
    sent_at="timestamptz",
    answered_at="timestamptz",
    outcome="text",
    code="text",
    detail="text",
    message_uuid="text",
)


def lock_rows(session: Session, results: Iterable[Result]) -> dict[int, LockedRow]:
    """Return the recipients of these results by id, locked until the transaction ends."""
    ids = json_rows.encode(sorted({result.recipient_id for result in results}))
    rows: Sequence[Any] = json_rows.run(session, _LOCK, ids=ids).all()
    return {
        id_: LockedRow(State(RecipientStatus(status), code), last, attempts)
        for id_, status, code, last, attempts in rows
    }


def event_of(result: Result, row: LockedRow, max_attempts: int) -> RecipientEvent:
    """Return what a result does to its row, which may have been the last of its attempts."""
    consequence = CONSEQUENCES[result.outcome.kind]
    is_last = row.attempts + _counted(result, row.state.status) >= max_attempts
    return consequence.at_last if consequence.at_last and is_last else consequence.event


def _counted(result: Result, before: RecipientStatus) -> int:
    # An attempt in doubt was counted when it was given up.
    return CONSEQUENCES[result.outcome.kind].counted - (before is RecipientStatus.IN_DOUBT)


class Move(NamedTuple):
    """A result that changes its recipient's status."""

    result: Result
    before: State
    after: State


def move_rows(session: Session, moves: Iterable[Move], now: datetime) -> None:
    """Update the recipients of these moves; the last one of a recipient counts."""
    last = {move.result.recipient_id: move for move in moves}
    rows = [_moved(move.result, move.before.status, move.after.status, now) for move in last.values()]
    if rows:
        json_rows.run(session, _MOVE, rows=json_rows.encode(rows), now=now)


def _moved(result: Result, before: RecipientStatus, after: RecipientStatus, now: datetime) -> list[Any]:
    outcome, consequence = result.outcome, CONSEQUENCES[result.outcome.kind]
    due = sent = failed = None
    if after is RecipientStatus.PENDING:
        wait = consequence.wait if outcome.retry_after is None else outcome.retry_after
        due = now + timedelta(seconds=wait) if wait else None
    elif after is RecipientStatus.SENT:
        sent = result.left
    elif after is RecipientStatus.FAILED:
        failed = now
    told = (outcome.message_uuid, outcome.code, outcome.detail)
    counted = _counted(result, before)
    return [result.recipient_id, after, counted, *told, as_text(due), as_text(sent), as_text(failed)]


def end_attempts(session: Session, results: Iterable[Result]) -> set[tuple[int, int]]:
    """Store the results of the attempts, including those that another has followed.

    Returns (recipient, number) of those that had none before.
    """
    rows = json_rows.encode([_ended(result) for result in results])
    ended: Sequence[Any] = json_rows.run(session, _END, rows=rows).all()
    return {(row[0], row[1]) for row in ended}


def _ended(result: Result) -> list[Any]:
    outcome = result.outcome
    times = (as_text(result.left), as_text(instant(result.answered_at)))
    told = (outcome.kind, outcome.code, outcome.detail, outcome.message_uuid)
    return [result.recipient_id, result.number, *times, *told]
