"""What an operator, or a due time, does to a campaign; each function runs in its caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot_config.refusal import Refusal
from outbound_campaigns.campaigns import canary, skipping
from outbound_campaigns.campaigns.campaign_rows import (
    Act,
    count_with_error,
    get,
    get_to_change,
    must_not_be_importing,
)
from outbound_campaigns.campaigns.retrying import Cause, Choice, causes_of, hours_of
from outbound_campaigns.campaigns.transitions import must_be_allowed, must_move
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.codes.tables import NOT_FOUND
from outbound_campaigns.domain.lifecycle import CampaignEvent, RecipientStatus
from outbound_campaigns.domain.refusals.configuration import TemplateNotResolved
from outbound_campaigns.domain.refusals.state import (
    ChangedMeanwhile,
    EveryoneFlawed,
    JudgingUnderWay,
    NoSuchFailure,
    NothingFailed,
    NothingNotFound,
    NothingPending,
    NothingToRetry,
    NothingToRetryYet,
    NothingToSend,
)
from outbound_campaigns.domain.template import ResolvedTemplate

LOOKED_UP = (
    "template_id",
    "template_language",
    "template_components",
    "variables",
    "values",
    "timezone",
    "sender_number",
    "canary_size",
)
"""what a campaign's template, and what fills it, are looked up and judged by"""

BRING_NOTHING_BACK = {"retry_failed_before": None, "retry_codes": None, "resend_before": None}
"""column values that stop bringing rows back to pending: those not yet moved stay where they are"""


BY_SENSE = Choice()
"""all for whom another attempt makes sense now"""


def schedule(session: Session, campaign_id: int, at: datetime, act: Act) -> None:
    """Schedule the campaign to start at `at`.

    Raises IllegalMove, NothingToSend, EveryoneFlawed or JudgingUnderWay; ImportUnderWay while its first file
    is being imported.
    """
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.SCHEDULE)
    if campaign.counts["total"] == 0:
        must_not_be_importing(session, campaign_id)
    _must_have_recipients(session, campaign)
    why = {"code": "scheduled", "at": at.isoformat(timespec="minutes")}
    told = _with(replace(act, why=why), scheduled_at=at, status_reason=None)
    must_move(session, campaign_id, CampaignEvent.SCHEDULE, told)


def unschedule(session: Session, campaign_id: int, act: Act) -> None:
    """Return a scheduled campaign to draft. Raises IllegalMove."""
    must_move(session, campaign_id, CampaignEvent.UNSCHEDULE, act)


def start(session: Session, campaign_id: int, template: ResolvedTemplate, act: Act) -> None:
    """Start the campaign with its template frozen.

    Raises IllegalMove, NothingToSend, EveryoneFlawed, ImportUnderWay or JudgingUnderWay.
    """
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.START)
    must_not_be_importing(session, campaign_id)
    _must_have_recipients(session, campaign)
    changes = _frozen(template, campaign, act) | {"status_reason": None}
    must_move(session, campaign_id, CampaignEvent.START, _with(act, **changes))


def _frozen(template: ResolvedTemplate, campaign: Campaign, act: Act) -> dict[str, Any]:
    return {
        "template_name": template.name,
        "template_namespace": template.namespace,
        "template_language": template.language,
        "template_category": template.category or campaign.template_category,
        "template_definition": template.definition,
        "filling": template.filling,
        "started_at": campaign.started_at or act.at,
        "next_batch_at": act.at,
    }


def is_as_prepared(campaign: Campaign, prepared: Campaign) -> bool:
    """Return whether what was looked up for `prepared`, an earlier state of the campaign, still holds."""
    return all(getattr(campaign, name) == getattr(prepared, name) for name in LOOKED_UP)


def must_be_as_prepared(session: Session, prepared: Campaign) -> None:
    """Raise ChangedMeanwhile unless what was looked up for `prepared` still holds; locks the campaign."""
    if not is_as_prepared(get(session, prepared.id, lock=True), prepared):
        raise ChangedMeanwhile


def pause(session: Session, campaign_id: int, act: Act) -> None:
    """Pause a running or scheduled campaign. Raises IllegalMove."""
    must_move(session, campaign_id, CampaignEvent.PAUSE, act)


def resume(session: Session, campaign_id: int, act: Act, template: ResolvedTemplate | None = None) -> None:
    """Resume the campaign; one whose start was missed or refused, or whose template changed, needs its
    `template`, resolved now.

    Raises IllegalMove, NothingPending, ImportUnderWay, JudgingUnderWay or TemplateNotResolved.
    """
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.RESUME)
    must_not_be_importing(session, campaign_id)
    if campaign.judging_after is not None:
        raise JudgingUnderWay(done=campaign.judged_rows, total=campaign.counts["total"])
    if campaign.template_name is None and template is None:
        raise TemplateNotResolved(template_id=campaign.template_id)
    if campaign.pending_count + campaign.sending_count == 0 and not campaign.brings_back:
        raise NothingPending
    changes = {"status_reason": None, "finished_at": None} | _afresh(act) | canary.as_passed(campaign)
    changes |= {"limit_reached": False}
    changes |= _frozen(template, campaign, act) if template else {}
    must_move(session, campaign_id, CampaignEvent.RESUME, _with(act, **changes))


def cancel(session: Session, campaign_id: int, act: Act) -> None:
    """Cancel the campaign at once; its pending rows follow (bulk_moves.cancel_some). Raises IllegalMove."""
    must_move(
        session,
        campaign_id,
        CampaignEvent.CANCEL,
        _with(act, finished_at=act.at, next_batch_at=None, **BRING_NOTHING_BACK),
    )


def retry_failed(session: Session, campaign_id: int, act: Act, choice: Choice = BY_SENSE) -> Sequence[Cause]:
    """Reopen the campaign; those of its failed rows that are chosen follow.

    Returns the causes of failure, as they were before. Raises IllegalMove, NothingFailed, NoSuchFailure,
    NothingToRetry or NothingToRetryYet.
    """
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.REOPEN)
    if campaign.failed_count == 0:
        raise NothingFailed
    causes = causes_of(session, campaign_id, act.at)
    taken = sum(map(choice.takes, causes))
    if not taken:
        raise _nothing_to_retry([cause for cause in causes if choice.names(cause)], choice)
    why = {"code": "retry_failed", "taken": taken, "left_out": campaign.failed_count - taken}
    changes = {"retry_failed_before": act.at, "retry_codes": hours_of(causes, choice), "finished_at": None}
    told = _with(replace(act, why=why), **changes, **_afresh(act))
    must_move(session, campaign_id, CampaignEvent.REOPEN, told)
    return causes


def _nothing_to_retry(causes: Sequence[Cause], choice: Choice) -> Refusal:
    if not causes:
        return NoSuchFailure(named=", ".join([*choice.codes, *choice.classes]))
    failed, waiting = sum(cause.count for cause in causes), sum(cause.waiting for cause in causes)
    if not waiting:
        return NothingToRetry(failed=failed)
    since = min(cause.due_from for cause in causes if cause.due_from)
    return NothingToRetryYet(failed=failed, waiting=waiting, since=since.isoformat(timespec="minutes"))


def resend_not_found(session: Session, campaign_id: int, act: Act) -> None:
    """Reopen the campaign for the rows that Vonage's records do not know; they follow.

    Only this deliberate act may send a message twice. Raises IllegalMove or NothingNotFound.
    """
    campaign = get_to_change(session, campaign_id)
    must_be_allowed(campaign, CampaignEvent.REOPEN)
    if not count_with_error(session, campaign_id, RecipientStatus.IN_DOUBT, NOT_FOUND):
        raise NothingNotFound
    why = {"code": "resend_not_found"}
    changes = {"resend_before": act.at, "finished_at": None} | _afresh(act)
    must_move(session, campaign_id, CampaignEvent.REOPEN, _with(replace(act, why=why), **changes))


def _afresh(act: Act) -> dict[str, Any]:
    """Return values that restart the counts that pause a campaign: an operator has seen what came before."""
    return {"alike_code": None, "alike_count": 0, "finals": [], "finals_since": act.at}


def missed_start(campaign: Campaign, now: datetime, grace: timedelta) -> bool:
    """Return whether a scheduled start is overdue by more than the grace."""
    return campaign.scheduled_at is not None and now - campaign.scheduled_at > grace


def _with(act: Act, **changes: Any) -> Act:
    return Act(act.who, act.at, act.why, {**act.changes, **changes})


def _must_have_recipients(session: Session, campaign: Campaign) -> None:
    """Raise NothingToSend, EveryoneFlawed or JudgingUnderWay."""
    total = campaign.counts["total"]
    if total == 0:
        raise NothingToSend
    if campaign.judging_after is not None:
        raise JudgingUnderWay(done=campaign.judged_rows, total=total)
    if campaign.skipped_count == total and (flawed := skipping.count_flawed(session, campaign.id)):
        raise EveryoneFlawed(count=flawed)
