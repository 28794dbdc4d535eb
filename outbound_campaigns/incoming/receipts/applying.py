"""Applies stored receipts to their recipients' rows, in bulk. Their order makes no difference in the end."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import (
    campaign_rows,
    canary,
    failure_limit,
    failure_reports,
    spending,
    transitions,
)
from outbound_campaigns.campaigns.campaign_rows import ENGINE, GUARD, Act
from outbound_campaigns.campaigns.counting import Tally
from outbound_campaigns.campaigns.failure_limit import RecentEndings
from outbound_campaigns.database import json_rows
from outbound_campaigns.database.json_rows import as_text
from outbound_campaigns.database.models import Campaign, Receipt, ReceiptState
from outbound_campaigns.database.statements import change
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.codes.lookup import explain_receipt
from outbound_campaigns.domain.codes.tables import CodeClass, Fault
from outbound_campaigns.domain.lifecycle import CampaignEvent, CampaignStatus, Charge, RecipientStatus
from outbound_campaigns.domain.outcome import ALIKE_TO_PAUSE
from outbound_campaigns.incoming.receipts.finding import AttemptId, NoMatch, find
from outbound_campaigns.incoming.receipts.moving import EVENTS, ReceiptTerms, move
from outbound_campaigns.incoming.receipts.opting_out import opt_out_those
from outbound_campaigns.incoming.receipts.rows import LockedRows, ReceiptRow
from outbound_campaigns.incoming.receipts.storing import OTHER_NUMBER, turn_away
from outbound_campaigns.vonage.receipt_body import ReceiptBody, UnreadableReceipt, read_receipt

RECEIPTS_AT_ONCE = 500
"""most receipts in one call"""

RECEIPT_TRIED_AGAIN = timedelta(seconds=5)
RECEIPT_GIVEN_UP = timedelta(hours=1)
"""how long a receipt of an unknown message is retried; by then its answer would long be stored"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WaitingReceipt:
    """A stored receipt that is still to be applied, with its parsed body."""

    id: int
    bot_id: str
    received_at: datetime
    body: ReceiptBody


def apply_some(database: Database) -> int:
    """Apply the receipts that are due. Returns how many it looked at. Commits before it returns."""
    rows = database.ask(_waiting(database))
    stored, unreadable = _understood(rows)
    found = find(database, [(receipt.bot_id, receipt.body) for receipt in stored])
    by_campaign: dict[int, list[tuple[WaitingReceipt, AttemptId]]] = defaultdict(list)
    lost: dict[NoMatch, list[WaitingReceipt]] = {reason: [] for reason in NoMatch}
    for receipt, match in zip(stored, found, strict=True):
        if isinstance(match, NoMatch):
            lost[match].append(receipt)
        else:
            by_campaign[match.campaign_id].append((receipt, match))
    opt_out_those(
        database,
        [(one.bot_id, one.body, match) for matched in by_campaign.values() for one, match in matched],
    )
    for campaign_id, matched in sorted(by_campaign.items()):
        _apply_to_campaign(database, campaign_id, matched)
    if any(lost.values()) or unreadable:
        _put_aside(database, lost[NoMatch.UNKNOWN], lost[NoMatch.OTHER_NUMBER], unreadable)
    return len(rows)


def _waiting(database: Database) -> sa.Executable:
    columns = (Receipt.id, Receipt.bot_id, Receipt.received_at, Receipt.raw)
    return (
        sa.select(*columns)
        .where(Receipt.state == ReceiptState.WAITING, Receipt.try_at <= database.moment())
        .order_by(Receipt.try_at, Receipt.id)
        .limit(RECEIPTS_AT_ONCE)
    )


def _understood(rows: Iterable[Any]) -> tuple[list[WaitingReceipt], list[int]]:
    stored, unreadable = [], []
    for row in rows:
        try:
            stored.append(WaitingReceipt(row.id, row.bot_id, row.received_at, read_receipt(row.raw or "")))
        except UnreadableReceipt:
            unreadable.append(row.id)
    return stored, unreadable


def _apply_to_campaign(
    database: Database, campaign_id: int, matched: Sequence[tuple[WaitingReceipt, AttemptId]]
) -> None:
    with database.write() as session:
        now = database.begun_at(session)
        campaign = campaign_rows.get(session, campaign_id, lock=True)
        rows = LockedRows(session, (found.recipient_id for _, found in matched))
        # Another worker may have applied some of them meanwhile.
        still = _still_waiting(session, [receipt.id for receipt, _ in matched])
        terms, tally, troubles = ReceiptTerms.of(campaign, now), Tally(), []
        endings = RecentEndings.of(campaign)
        charges: list[tuple[Charge, spending.AttemptKey]] = []
        failed = failure_reports.among(session, [(row.id, row.status) for row in rows.by_id.values()])
        for receipt, found in matched:
            row = rows.by_id.get(found.recipient_id)
            if row is None or receipt.id not in still:
                continue
            before, left_at = row.state, _left_at(row)
            key = (row.id, found.attempt)
            trouble = move(row, receipt.body, found.attempt, terms, key in failed)
            failed |= {key} if receipt.body.is_failure else set()
            after = row.state
            if after != before:
                tally.move(before, after)
                endings.move(before, after, left_at)
            if before.status is RecipientStatus.SKIPPED and after.status is not before.status:
                canary.readmit(campaign, row.id)
            troubles += [trouble] if trouble and endings.counts(left_at) else []
            # A failure releases no money: an arrival may follow it, and only Vonage decides what it bills.
            if receipt.body.status in EVENTS:
                charges.append((Charge.COMMITTED, key))
        tally.keep(session, campaign, now)
        endings.keep(campaign)
        spending.settle(session, campaign, charges)
        session.flush()
        rows.write(session, now)
        _mark_applied(session, matched)
        of_account = _to_pause_for(CodeClass.ACCOUNT, troubles, endings)
        if of_account and not _lies_in_the_account(session, campaign, of_account):
            _pause(session, campaign, of_account, now)
            of_account = None
        _follow(session, campaign, endings, troubles, now)
        access = campaign.access
    if of_account and access:
        _pause_account(database, access, of_account)


def _left_at(row: ReceiptRow) -> datetime | None:
    """Return when the message left; None while its answer is open, as sent_at may be an earlier attempt's."""
    is_open = row.status in (RecipientStatus.SENDING, RecipientStatus.IN_DOUBT)
    return None if is_open else row.sent_at


def _still_waiting(session: Session, ids: Sequence[int]) -> set[int]:
    query = sa.select(Receipt.id).where(Receipt.id.in_(ids), Receipt.state == ReceiptState.WAITING)
    return set(session.execute(query.with_for_update()).scalars())


_APPLY = json_rows.statement(
    """
    UPDATE outbound_receipts SET state = 'applied', raw = NULL, recipient_id = new.recipient_id,
        attempt = new.attempt, message_uuid = new.message_uuid, status = new.status, code = new.code,
        detail = new.detail, at = new.at
    FROM {rows} AS new
    WHERE outbound_receipts.id = new.id
    """,
    found_by="outbound_receipts.id",
    id="bigint",
    recipient_id="bigint",
    attempt="integer",
    message_uuid="text",
    status="text",
    code="text",
    detail="text",
    at="timestamptz",
)


def _mark_applied(session: Session, matched: Sequence[tuple[WaitingReceipt, AttemptId]]) -> None:
    rows = [
        [one.id, found.recipient_id, found.attempt, *_told(one.body), as_text(one.body.at)]
        for one, found in matched
    ]
    json_rows.run(session, _APPLY, rows=json_rows.encode(rows))


def _told(body: ReceiptBody) -> tuple[str | None, ...]:
    return (body.message_uuid, body.status, body.code, body.detail)


def _facts(body: ReceiptBody) -> dict[str, Any]:
    return {
        "message_uuid": body.message_uuid,
        "status": body.status,
        "code": body.code,
        "detail": body.detail,
        "at": body.at,
    }


def _follow(
    session: Session,
    campaign: Campaign,
    endings: RecentEndings,
    troubles: Sequence[ReceiptBody],
    now: datetime,
) -> None:
    """Pause the campaign, reopen it for rows that are pending again, or finish it, as the receipts demand."""
    trouble = _to_pause_for(CodeClass.CAMPAIGN, troubles, endings)
    if trouble and campaign.status == CampaignStatus.RUNNING:
        _pause(session, campaign, trouble, now)
    elif failure_limit.pause_when_failing(session, campaign, endings, now):
        return
    elif campaign.pending_count and campaign.status in (CampaignStatus.COMPLETED, CampaignStatus.FAILED):
        why = {"code": "came_back"}
        transitions.move_campaign(
            session, campaign.id, CampaignEvent.REOPEN, Act(ENGINE, now, why, {"finished_at": None})
        )
    else:
        transitions.finish_if_done(session, campaign.id, now)


def _pause(session: Session, campaign: Campaign, trouble: ReceiptBody, now: datetime) -> None:
    act = Act(GUARD, now, _why("campaign", trouble))
    transitions.move_campaign(session, campaign.id, CampaignEvent.PAUSE, act)


def _lies_in_the_account(session: Session, campaign: Campaign, trouble: ReceiptBody) -> bool:
    """Return whether it is the account's trouble: others with these credentials arrive nowhere, either."""
    fault = explain_receipt(trouble.code or "").fault
    return fault is Fault.ALL or not failure_limit.others_arrive(session, campaign)


def _to_pause_for(
    whose: CodeClass, troubles: Sequence[ReceiptBody], endings: RecentEndings
) -> ReceiptBody | None:
    """Return a receipt to pause for: its code is no one message's fault, or came for several people."""
    repeated = endings.failures_since_success()
    for body in troubles:
        code = explain_receipt(body.code or "")
        if code.code_class is whose and (
            code.fault is Fault.ALL or repeated[body.code or ""] >= ALIKE_TO_PAUSE
        ):
            return body
    return None


def _pause_account(database: Database, access: Access, trouble: ReceiptBody) -> None:
    # In its own transaction, as it locks other campaigns. If a crash loses it, the next receipt repeats it.
    with database.write() as session:
        act = Act(GUARD, database.now(session), _why("account", trouble))
        transitions.pause_account(session, access.account, act, access.credentials)


def _why(whose: str, body: ReceiptBody) -> dict[str, Any]:
    return {"code": f"receipt_{whose}_trouble", "answer": body.code, "detail": body.detail}


def _put_aside(
    database: Database,
    unknown: Sequence[WaitingReceipt],
    of_others: Sequence[WaitingReceipt],
    unreadable: Sequence[int],
) -> None:
    """Retry receipts of unknown messages later (their answer may not be stored yet); put the others aside."""
    with database.write() as session:
        now = database.now(session)
        given_up = [receipt for receipt in unknown if now - receipt.received_at > RECEIPT_GIVEN_UP]
        _set(session, unreadable, state=ReceiptState.UNREADABLE)
        _set(session, [receipt.id for receipt in unknown], try_at=now + RECEIPT_TRIED_AGAIN)
        aside = [
            {"id": receipt.id, "state": ReceiptState.UNKNOWN, **_facts(receipt.body)}
            for receipt in (*given_up, *of_others)
        ]
        if aside:
            session.execute(sa.update(Receipt), aside)
        if of_others:
            turn_away(session, [(receipt.bot_id, OTHER_NUMBER) for receipt in of_others], now)
    if unreadable or given_up or of_others:
        counts = len(unreadable), len(given_up), len(of_others)
        log.warning("receipts put aside: %s unreadable, %s unknown, %s with another number", *counts)


def _set(session: Session, ids: Sequence[int], **values: Any) -> None:
    if ids:
        statement = sa.update(Receipt).where(Receipt.id.in_(ids)).values(**values)
        change(session, statement)
