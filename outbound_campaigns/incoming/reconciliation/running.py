"""Runs one step of a pass: asks Vonage about a few rows, and stores the answers as receipts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.campaigns.counting import State, Tally
from outbound_campaigns.database.models import (
    AskingFor,
    Campaign,
    ReceiptSource,
    Recipient,
    Reconciliation,
    ReconciliationStatus,
)
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.backoff import backoff
from outbound_campaigns.domain.codes.tables import NOT_FOUND
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.domain.phone_numbers import variants
from outbound_campaigns.domain.refusals.configuration import ReportsRefused
from outbound_campaigns.incoming import receipts
from outbound_campaigns.incoming.reconciliation import queue, rows_to_ask
from outbound_campaigns.incoming.reconciliation.queue import Step
from outbound_campaigns.incoming.reconciliation.rows_to_ask import RowToAsk
from outbound_campaigns.incoming.reconciliation.terms import ReconciliationTerms
from outbound_campaigns.vonage.client_ref import client_ref
from outbound_campaigns.vonage.records import MOST_IDS, NotNow, Record, VonageRecords

ROWS_IN_A_STEP = 10
"""rows in doubt for each step, each of them a question of its own"""

EARLIER, LATER = timedelta(minutes=10), timedelta(hours=1)
"""how far Vonage's clock may be behind ours, and how late a request may have reached it"""

FIRST_REPORT_WAIT, LONGEST_REPORT_WAIT, MOST_TRIES = 5.0, 300.0, 8
"""seconds between tries while Vonage does not answer, doubled each time; tries before the pass fails"""

_STATUSES: Mapping[str, str] = {
    "delivered": "delivered",
    "read": "read",
    "rejected": "rejected",
    "undeliverable": "undeliverable",
    "failed": "undeliverable",
    "expired": "undeliverable",
}
"""a record's status as a receipt's; any other only means that Vonage has the message"""


@dataclass(frozen=True, slots=True)
class Findings:
    """The results of a step; `last` is the id of the last row dealt with, None when there are no more."""

    asked: int
    records: Sequence[Record]
    missing: Sequence[RowToAsk]
    last: int | None
    interrupted: NotNow | ReportsRefused | None = None


def run_step(
    database: Database,
    step: Step,
    vonage: VonageRecords,
    terms: ReconciliationTerms,
    is_stopping: Callable[[], bool],
) -> None:
    """Ask about the next rows and store the answers. Commits before it returns. Raises TakenByAnother."""
    find = _in_doubt if step.asking_for is AskingFor.IN_DOUBT else _without_receipt
    findings = find(database, step, vonage, terms, is_stopping)
    with database.write() as session:
        campaign = campaign_rows.get(session, step.campaign_id, lock=True)
        now = database.now(session)
        not_found = _mark_not_found(session, campaign, step, findings.missing, terms, now)
        bodies = [(campaign.bot_id, _as_receipt(record)) for record in findings.records]
        if bodies:
            receipts.store(session, bodies, now, ReceiptSource.REPORT)
        counted = {
            "asked": findings.asked,
            "found": findings.asked - len(findings.missing),
            "not_found": not_found,
            "too_early": len(findings.missing) - not_found,
            "questions": vonage.usage.questions,
            "records": vonage.usage.records,
        }
        sums = {name: getattr(Reconciliation, name) + number for name, number in counted.items()}
        queue.keep(session, step, sums | _progress(step, findings, now))


def _progress(step: Step, findings: Findings, now: datetime) -> dict[str, Any]:
    last = {} if findings.last is None else {"after_id": findings.last}
    if findings.interrupted is not None:
        return last | _interrupted(step, findings.interrupted, now)
    if findings.last is not None:
        return {**last, "try_at": now, "tries": 0}
    if step.asking_for is AskingFor.IN_DOUBT and step.without_receipt:
        return {"asking_for": AskingFor.SENT, "after_id": 0, "try_at": now, "tries": 0}
    return {"status": ReconciliationStatus.COMPLETED, "finished_at": now}


def _interrupted(step: Step, reason: NotNow | ReportsRefused, now: datetime) -> dict[str, Any]:
    if isinstance(reason, ReportsRefused) or step.tries + 1 >= MOST_TRIES:
        error = {"code": reason.code, **reason.values}
        return {"status": ReconciliationStatus.FAILED, "error": error, "finished_at": now}
    wait = backoff(step.tries, FIRST_REPORT_WAIT, LONGEST_REPORT_WAIT) if reason.wait is None else reason.wait
    return {"try_at": now + timedelta(seconds=wait), "tries": step.tries + 1}


def _in_doubt(
    database: Database,
    step: Step,
    vonage: VonageRecords,
    _terms: ReconciliationTerms,
    is_stopping: Callable[[], bool],
) -> Findings:
    """Ask by number and time, one row after the other; our own client_ref identifies the record."""
    with database.read() as session:
        rows = rows_to_ask.in_doubt(session, step.campaign_id, step.after_id, ROWS_IN_A_STEP)
        ref = session.get_one(Campaign, step.campaign_id).ref
    records: list[Record] = []
    missing: list[RowToAsk] = []
    last = step.after_id if rows else None
    for place, row in enumerate(rows):
        if is_stopping():
            return Findings(place, records, missing, last)
        latest = client_ref(ref, row.recipient_id, row.attempt)
        try:
            told = _of_person(vonage, row, latest)
        except (NotNow, ReportsRefused) as reason:
            return Findings(place, records, missing, last, reason)
        # Records of earlier attempts count too: one of their messages may have arrived.
        refs = [client_ref(ref, row.recipient_id, number) for number in range(1, row.attempt + 1)]
        ours = [record for record in told if record.client_ref in refs]
        records += ours
        missing += [] if any(record.client_ref == latest for record in ours) else [row]
        last = row.recipient_id
    return Findings(len(rows), records, missing, last)


def _of_person(vonage: VonageRecords, row: RowToAsk, latest: str) -> Sequence[Record]:
    """Return a person's records of about that time. Vonage may store the number in another variant."""
    told: list[Record] = []
    for number in variants(row.phone_number):
        told += vonage.of_number(number, row.claimed_at - EARLIER, row.claimed_at + LATER)
        if any(record.client_ref == latest for record in told):
            break
    return told


def _without_receipt(
    database: Database,
    step: Step,
    vonage: VonageRecords,
    terms: ReconciliationTerms,
    _is_stopping: Callable[[], bool],
) -> Findings:
    """Ask by Vonage's own message ids, many in one question."""
    with database.read() as session:
        before = database.now(session) - terms.without_receipt_after
        rows, last = rows_to_ask.without_receipt(
            session, step.campaign_id, step.after_id, MOST_IDS, before, step.requested_at
        )
    uuids = {row.message_uuid for row in rows if row.message_uuid}
    try:
        told = vonage.of_messages(sorted(uuids)) if uuids else []
    except (NotNow, ReportsRefused) as reason:
        return Findings(0, [], [], step.after_id, reason)
    records = [record for record in told if record.message_uuid in uuids]
    known = {record.message_uuid for record in records}
    return Findings(len(rows), records, [row for row in rows if row.message_uuid not in known], last)


def _mark_not_found(
    session: Session,
    campaign: Campaign,
    step: Step,
    missing: Sequence[RowToAsk],
    terms: ReconciliationTerms,
    now: datetime,
) -> int:
    """Return how many missing rows Vonage should know by now. Marks those in doubt; they stay in doubt."""
    due = {row.recipient_id: row for row in missing if now - row.claimed_at >= terms.not_found_after}
    if step.asking_for is not AskingFor.IN_DOUBT or not due:
        return len(due)
    query = sa.select(Recipient).where(Recipient.id.in_(due), Recipient.status == RecipientStatus.IN_DOUBT)
    locked = query.order_by(Recipient.id).with_for_update().execution_options(populate_existing=True)
    # A row whose receipt came while Vonage was asked is no longer in doubt, or has a newer attempt.
    rows = [row for row in session.execute(locked).scalars() if row.last_attempt == due[row.id].attempt]
    tally = Tally()
    for row in rows:
        if row.error_code == NOT_FOUND:
            continue  # already marked: updated_at must stay, as a resend under way selects rows by it
        tally.move(State(RecipientStatus.IN_DOUBT, row.error_code), _NOT_FOUND)
        row.error_code, row.error_detail = NOT_FOUND, None
        row.updated_at = now
    tally.keep(session, campaign, now)
    return len(rows)


_NOT_FOUND = State(RecipientStatus.IN_DOUBT, NOT_FOUND)


def _as_receipt(record: Record) -> str:
    """Return the record as a receipt (Messages API, "message status"), so that one mechanism moves rows."""
    status = _STATUSES.get(record.status, "submitted")
    body: dict[str, Any] = {
        "message_uuid": record.message_uuid,
        "to": record.to,
        "status": status,
        "client_ref": record.client_ref,
        "timestamp": record.at,
    }
    if status in ("rejected", "undeliverable"):
        body["error"] = {"title": record.code or "unknown"}
    return json.dumps(body)
