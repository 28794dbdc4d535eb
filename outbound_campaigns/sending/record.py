"""Records the results of attempts in one transaction, with all that follows from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
from outbound_campaigns.campaigns.counting import State, Tally
from outbound_campaigns.campaigns.failure_limit import RecentEndings
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.access import Access
from outbound_campaigns.domain.lifecycle import (
    SHOW_THAT_IT_WAS_TAKEN,
    CampaignEvent,
    CampaignStatus,
    RecipientStatus,
    recipient_after,
)
from outbound_campaigns.domain.outcome import ALIKE_TO_PAUSE, CONSEQUENCES, Outcome, OutcomeKind, Pauses
from outbound_campaigns.sending import breaker as breakers
from outbound_campaigns.sending import departure_marks
from outbound_campaigns.sending import pace as paces
from outbound_campaigns.sending.batch_limits import extend
from outbound_campaigns.sending.departure_marks import Mark
from outbound_campaigns.sending.results import Move, Result, end_attempts, event_of, lock_rows, move_rows
from outbound_campaigns.sending.window import BatchWindow
from outbound_campaigns.vonage.senders import Sender


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the dispatcher must know about a recorded batch."""

    campaign_id: int
    access: Access
    per_second: float
    paused: bool
    is_marked: bool
    """the worker's mark is where it was to be moved"""


def record(database: Database, results: Sequence[Result], mark: Mark | None = None) -> Recorded:
    """Record results of one campaign, in the order of their answers, and move their worker's mark.

    Commits before it returns.
    """
    sender = results[0].sender
    with database.write() as session:
        now = database.begun_at(session)
        campaign = campaign_rows.get(session, results[0].campaign_id, lock=True)
        endings = RecentEndings.of(campaign, sent_is_final=sender.webhook_url is None)
        # The campaign's row is written once, with all that changes in it.
        with session.no_autoflush:
            moves, news = _record_rows(session, campaign, results, endings, now)
            _correct_window(campaign, news, now)
        paused = _pause_when_alike(session, campaign, moves, now)
        paused = paused or failure_limit.pause_when_failing(session, campaign, endings, now)
        _reopen_or_conclude(session, campaign, now)
        _report_to_breaker(session, sender.access, news, now)
        per_second = _report_to_pace(session, sender, news, now)
        is_marked = mark is not None and departure_marks.move(session, mark)
    troubles = [r.outcome for r in results if CONSEQUENCES[r.outcome.kind].pauses is Pauses.ACCOUNT]
    if troubles:
        _pause_account(database, sender, troubles[0])
    return Recorded(results[0].campaign_id, sender.access, per_second, paused or bool(troubles), is_marked)


def _record_rows(
    session: Session, campaign: Campaign, results: Sequence[Result], endings: RecentEndings, now: datetime
) -> tuple[Sequence[Move], Sequence[Result]]:
    """Record results. Returns the moves, and the results that are new: a receipt may have moved their rows.

    A batch comes again if its commit's answer was lost.
    """
    rows, tally = lock_rows(session, results), Tally()
    failed = failure_reports.among(session, [(id_, row.state.status) for id_, row in rows.items()])
    moves: list[Move] = []
    for result in results:
        row = rows.get(result.recipient_id)
        if row is None:
            continue
        before = row.state
        event = event_of(result, row, campaign.max_attempts)
        if row.last_attempt != result.number and event not in SHOW_THAT_IT_WAS_TAKEN:
            continue
        key = (result.recipient_id, result.number)
        after = State(recipient_after(before.status, event, key in failed), result.outcome.code)
        if after.status != before.status:
            tally.move(before, after)
            endings.move(before, after, result.left)
            moves.append(Move(result, before, after))
            # A late answer to an earlier attempt may stand in the same batch.
            rows[result.recipient_id] = row._replace(state=after)
            if before.status is RecipientStatus.SKIPPED:
                canary.readmit(campaign, result.recipient_id)
    tally.keep(session, campaign, now)
    endings.keep(campaign)
    move_rows(session, moves, now)
    new = end_attempts(session, results)
    # For all of them: the result of an attempt that another has followed is known now, too.
    charges = [(CONSEQUENCES[one.outcome.kind].charge, (one.recipient_id, one.number)) for one in results]
    spending.settle(session, campaign, charges)
    return moves, [result for result in results if (result.recipient_id, result.number) in new]


def _correct_window(campaign: Campaign, results: Sequence[Result], now: datetime) -> None:
    """Replace the planned departures by the real ones."""
    at = now.timestamp()
    window = BatchWindow.of(campaign, at).not_sent(result.slot for result in results)
    window = window.sent(result.left_at for result in results if result.left_at is not None)
    campaign.window = window.dump(at)
    departures = ((result.slot, result.left_at) for result in results if result.left_at is not None)
    campaign.batch_limits = extend(campaign.batch_limits, departures)


def _pause_when_alike(session: Session, campaign: Campaign, moves: Sequence[Move], now: datetime) -> bool:
    alike_code, alike_count = campaign.alike_code, campaign.alike_count
    for result, before, _ in moves:
        kind, code = result.outcome.kind, result.outcome.code
        if CONSEQUENCES[kind].pauses is Pauses.CAMPAIGN_WHEN_REPEATED:
            if code == before.code:
                continue  # the same recipient as before, tried again
            alike_code, alike_count = code, alike_count + 1 if code == alike_code else 1
        elif result.outcome.asked and kind in (OutcomeKind.ACCEPTED, OutcomeKind.RECIPIENT_REFUSED):
            alike_code, alike_count = None, 0
        if alike_count >= ALIKE_TO_PAUSE:
            campaign.alike_code = alike_code
            why = {"code": "campaign_trouble", "answer": code, "detail": result.outcome.detail}
            session.flush()
            return transitions.move_campaign(
                session, campaign.id, CampaignEvent.PAUSE, Act(GUARD, now, why, {"alike_count": 0})
            )
    campaign.alike_code, campaign.alike_count = alike_code, alike_count
    return False


def _reopen_or_conclude(session: Session, campaign: Campaign, now: datetime) -> None:
    # A worker that was frozen may hand back a row that it never began, after the campaign has ended.
    if campaign.pending_count and campaign.status in (CampaignStatus.COMPLETED, CampaignStatus.FAILED):
        act = Act(ENGINE, now, {"code": "row_handed_back"}, {"finished_at": None})
        transitions.move_campaign(session, campaign.id, CampaignEvent.REOPEN, act)
    elif not campaign.pending_count and not campaign.sending_count:
        transitions.finish_if_done(session, campaign.id, now)


def _report_to_breaker(session: Session, access: Access, results: Sequence[Result], now: datetime) -> None:
    asked = [result.outcome for result in results if result.outcome.asked]
    answered = [outcome.kind for outcome in asked if outcome.kind is not OutcomeKind.NOT_BEGUN]
    if answered:
        breaker = breakers.lock_breaker(session, access)
        breakers.report(breaker, [CONSEQUENCES[kind].breaker for kind in answered], now)


def _report_to_pace(session: Session, sender: Sender, results: Sequence[Result], now: datetime) -> float:
    at = now.timestamp()
    limits = paces.limits_of(sender)
    rates = paces.lock_paces(session, limits, at)
    kinds = Counter(result.outcome.kind for result in results)
    if kinds[OutcomeKind.ACCEPTED]:
        paces.hold(rates, limits, at)
    throttled = sum(count for kind, count in kinds.items() if CONSEQUENCES[kind].throttle)
    for rate in rates:
        if rate.key == limits[0].key and paces.may_cut(rate, sender.bot_id):
            paces.report(rate, kinds[OutcomeKind.ACCEPTED], throttled, at)
    return min(sender.messages_per_second, *(rate.per_second for rate in rates))


_NO_CREDIT = "http_402"
"""the one answer that concerns an account whoever asks; the others concern who uses the same credentials"""


def _pause_account(database: Database, sender: Sender, outcome: Outcome) -> None:
    # In its own transaction, as it locks other campaigns. If a crash loses it, the next answer repeats it.
    why = {"code": "account_trouble", "answer": outcome.code, "detail": outcome.detail}
    credentials = None if outcome.code == _NO_CREDIT else sender.credentials.fingerprint
    with database.write() as session:
        act = Act(GUARD, database.now(session), why)
        transitions.pause_account(session, sender.account, act, credentials)
