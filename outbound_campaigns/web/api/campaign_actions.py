"""Routes that move a campaign: start, pause, resume, cancel, schedule, unschedule, retry its failed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy.orm import Session

from outbound_campaigns.audience.judging.starting import must_be_judged
from outbound_campaigns.campaigns import actions, campaign_rows, editing, retrying, spending, transitions
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.lifecycle import CampaignEvent
from outbound_campaigns.domain.refusals.configuration import TemplatesUnavailable
from outbound_campaigns.domain.refusals.request import TimeMissing, TimePassed
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.domain.times import read_instant
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, must_exist, shown_campaign
from outbound_campaigns.web.api.forecasts import readable_account
from outbound_campaigns.web.api.presenters import retry_view
from outbound_campaigns.web.api.schemas.campaign import Campaign as CampaignShape
from outbound_campaigns.web.api.schemas.campaign import ScheduleIn
from outbound_campaigns.web.api.schemas.retry import RetriedCampaign, Retry, RetryIn
from outbound_campaigns.web.api.service import bot, database, permission, service

JUDGING_AWAITED = 2.0
"""seconds that a start waits for its rows to be judged"""

PLACE = f"/campaigns/<{ID}:campaign_id>"
Change = Callable[[Session, Act], None]


def _act(campaign_id: int, change: Change) -> Json:
    """Apply a change to a campaign of the current bot, in one transaction. Returns the campaign after it."""
    with database().write() as session:
        campaign_rows.get_of_bot(session, bot().id, campaign_id, lock=True)
        change(session, Act(permission().email, database().now(session)))
    return shown_campaign(campaign_id)


def _priced(campaign_id: int, change: Change) -> Change:
    """Return the change, to be refused where the campaign has a limit and the table lacks prices for it."""
    # Before the transaction, as the bot's files may be far away. Others report it if they can't be read.
    account = readable_account()

    def priced(session: Session, act: Act) -> None:
        change(session, act)
        if account is not None:
            campaign = campaign_rows.get(session, campaign_id, lock=True)
            spending.must_be_priced(session, campaign, account.settings.prices)

    return priced


def _act_as_prepared(prepared: Campaign, change: Change) -> Json:
    """Do the same as _act, unless somebody has changed what was looked up meanwhile."""

    def unless_changed(session: Session, act: Act) -> None:
        actions.must_be_as_prepared(session, prepared)
        change(session, act)

    return _act(prepared.id, unless_changed)


def _judged(campaign: Campaign, template: ResolvedTemplate) -> ResolvedTemplate:
    """Return the template once the rows are judged by it. Raises JudgingUnderWay if that takes a while."""
    must_be_judged(database(), campaign.id, template, JUDGING_AWAITED)
    return template


@blueprint.route(f"{PLACE}/start", methods=["POST"])
@blueprint.response(200, CampaignShape)
def start(campaign_id: int) -> Json:
    """Start now. 409 with the reason without recipients, during an import, or with configuration missing."""
    campaign = _allowing(campaign_id, CampaignEvent.START)
    template = _judged(campaign, service().prepare(campaign))

    def now(session: Session, act: Act) -> None:
        actions.start(session, campaign_id, template, act)

    return _act_as_prepared(campaign, _priced(campaign_id, now))


@blueprint.route(f"{PLACE}/pause", methods=["POST"])
@blueprint.response(200, CampaignShape)
def pause(campaign_id: int) -> Json:
    """Stop sending within two seconds; what was claimed and not begun goes back to pending."""
    return _act(campaign_id, lambda session, act: actions.pause(session, campaign_id, act))


@blueprint.route(f"{PLACE}/resume", methods=["POST"])
@blueprint.response(200, CampaignShape)
def resume(campaign_id: int) -> Json:
    """Go on with a paused campaign."""
    campaign = _allowing(campaign_id, CampaignEvent.RESUME)
    # One that changed under the campaign is judged, and frozen, anew.
    has_changed = editing.waits_for_its_template(campaign)
    template = None
    if campaign.template_name is None or has_changed:
        template = _judged(campaign, service().prepare(campaign))

    def now(session: Session, act: Act) -> None:
        actions.resume(session, campaign_id, act, template)

    return _act_as_prepared(campaign, _priced(campaign_id, now))


@blueprint.route(f"{PLACE}/cancel", methods=["POST"])
@blueprint.response(200, CampaignShape)
def cancel(campaign_id: int) -> Json:
    """End for good; those whose turn had not come are cancelled, in steps by the engine."""
    return _act(campaign_id, lambda session, act: actions.cancel(session, campaign_id, act))


@blueprint.route(f"{PLACE}/retry-failed")
@blueprint.response(200, Retry)
def show_retry(campaign_id: int) -> Json:
    """Why recipients failed; for whom another attempt makes sense now, for whom later, for whom never."""
    must_exist(campaign_id)
    with database().read() as session:
        causes = retrying.causes_of(session, campaign_id, database().now(session))
    return retry_view(causes, actions.BY_SENSE)


@blueprint.route(f"{PLACE}/retry-failed", methods=["POST"])
@blueprint.arguments(RetryIn, required=False)
@blueprint.response(200, RetriedCampaign)
def retry_failed(given: Mapping[str, Any], campaign_id: int) -> Json:
    """Send again to those that failed, with fresh attempts; never to those in doubt.

    Without codes or classes: to those for whom another attempt makes sense now.
    """
    choice = retrying.Choice(given.get("codes", ()), given.get("classes", ()))
    causes: list[retrying.Cause] = []

    def now(session: Session, act: Act) -> None:
        causes.extend(actions.retry_failed(session, campaign_id, act, choice))

    campaign = _act(campaign_id, now)
    return campaign | {"retry": retry_view(causes, choice)}


@blueprint.route(f"{PLACE}/resend-not-found", methods=["POST"])
@blueprint.response(200, CampaignShape)
def resend_not_found(campaign_id: int) -> Json:
    """Send again to those in doubt that Vonage's records do not know: a decision, not a retry."""
    return _act(campaign_id, lambda session, act: actions.resend_not_found(session, campaign_id, act))


@blueprint.route(f"{PLACE}/schedule", methods=["POST"])
@blueprint.arguments(ScheduleIn, required=False)
@blueprint.response(200, CampaignShape)
def schedule(given: Mapping[str, Any], campaign_id: int) -> Json:
    """Start by itself at a time; a zone's skipped hour is refused, of a doubled one the first is meant."""

    def at_its_time(session: Session, act: Act) -> None:
        campaign = campaign_rows.get(session, campaign_id)
        zone = given.get("timezone", campaign.timezone)
        text = given.get("scheduled_at")
        at = read_instant(text, zone) if text else campaign.scheduled_at
        if at is None:
            raise TimeMissing
        if at <= act.at:
            raise TimePassed(value=at.isoformat())
        actions.schedule(session, campaign_id, at, Act(act.who, act.at, changes={"timezone": zone}))

    campaign = _allowing(campaign_id, CampaignEvent.SCHEDULE)
    # What is away now is looked at again when its time has come.
    with suppress(TemplatesUnavailable):
        _judged(campaign, service().prepare(campaign))
    return _act_as_prepared(campaign, _priced(campaign_id, at_its_time))


@blueprint.route(f"{PLACE}/unschedule", methods=["POST"])
@blueprint.response(200, CampaignShape)
def unschedule(campaign_id: int) -> Json:
    """Back to a draft."""
    return _act(campaign_id, lambda session, act: actions.unschedule(session, campaign_id, act))


def _allowing(campaign_id: int, event: CampaignEvent) -> Campaign:
    """Return the campaign if its status allows the event, before Vonage is asked for its template."""
    campaign = must_exist(campaign_id)
    transitions.must_be_allowed(campaign, event)
    return campaign
