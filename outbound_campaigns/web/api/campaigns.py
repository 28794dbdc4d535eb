"""Routes for campaigns: list, create, show, change, delete, duplicate."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from flask import url_for
from flask.views import MethodView

from outbound_campaigns.audience import importing
from outbound_campaigns.audience.copying import copy_failed
from outbound_campaigns.audience.judging.anew import judge_if_changed
from outbound_campaigns.campaigns import campaign_rows, editing
from outbound_campaigns.campaigns.campaign_rows import TIMEZONE, Act, NewCampaign
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.domain.times import read_instant
from outbound_campaigns.reports import pages
from outbound_campaigns.sending.previewing import definition_of
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.forecasts import etas, readable_account
from outbound_campaigns.web.api.presenters import campaign_view
from outbound_campaigns.web.api.schemas.campaign import Campaign as CampaignShape
from outbound_campaigns.web.api.schemas.campaign import (
    CampaignChange,
    CampaignIn,
    CampaignPage,
    CampaignQuery,
    DuplicateQuery,
)
from outbound_campaigns.web.api.service import bot, database, permission, readable_definitions, service

Json = dict[str, Any]


def shown_campaign(campaign_id: int) -> Json:
    """Return one campaign of the current bot as it is now. Raises CampaignNotFound."""
    account = readable_account()
    with database().read() as session:
        campaign = campaign_rows.get_of_bot(session, bot().id, campaign_id)
        return campaign_view(campaign, etas(session, account)(campaign))


def must_exist(campaign_id: int) -> Campaign:
    """Return a campaign of the current bot. Raises CampaignNotFound."""
    with database().read() as session:
        return campaign_rows.get_of_bot(session, bot().id, campaign_id)


@blueprint.route("/campaigns")
class Campaigns(MethodView):
    @blueprint.arguments(CampaignQuery, location="query")
    @blueprint.response(200, CampaignPage)
    def get(self, query: Mapping[str, Any]) -> Json:
        """The bot's campaigns, newest first."""
        limit, cursor = query["limit"], query.get("cursor")
        before = int(cursor) if cursor else None
        filters = {name: query.get(name) for name in ("status", "q")}
        account = readable_account()
        with database().read() as session:
            found = pages.campaigns_page(session, bot().id, **filters, before=before, limit=limit + 1)
            eta = etas(session, account)
            views = [campaign_view(campaign, eta(campaign)) for campaign in found[:limit]]
        return {"campaigns": views, "next_cursor": next_cursor(views, len(found) > limit)}

    @blueprint.arguments(CampaignIn)
    @blueprint.response(201, CampaignShape, headers={"Location": {"schema": {"type": "string"}}})
    def post(self, given: Mapping[str, Any]) -> tuple[Json, int, dict[str, str]]:
        """Create a draft."""
        values = dict(given)
        scheduled_at = values.pop("scheduled_at", None)
        zone = values.get("timezone", TIMEZONE)
        at = read_instant(scheduled_at, zone) if scheduled_at else None
        new = NewCampaign(bot_id=bot().id, created_by=permission().email, scheduled_at=at, **values)
        with database().write() as session:
            created = campaign_rows.create(session, new, database().now(session)).id
        return shown_campaign(created), 201, {"Location": _place(created)}


@blueprint.route(f"/campaigns/<{ID}:campaign_id>")
class OneCampaign(MethodView):
    @blueprint.response(200, CampaignShape)
    def get(self, campaign_id: int) -> Json:
        """One campaign, with its counts; with an ETag, so that polling it is cheap."""
        return shown_campaign(campaign_id)

    @blueprint.arguments(CampaignChange)
    @blueprint.response(200, CampaignShape)
    def put(self, given: Mapping[str, Any], campaign_id: int) -> Json:
        """Change what is given. Once started only the name, the throttle and the limits can change."""
        changes = dict(given)
        template = _template_after(campaign_id, changes)
        with database().write() as session:
            campaign = campaign_rows.get_of_bot(session, bot().id, campaign_id, lock=True)
            if changes.get("scheduled_at"):
                zone = changes.get("timezone", campaign.timezone)
                changes["scheduled_at"] = read_instant(changes["scheduled_at"], zone)
            act = Act(permission().email, database().now(session))
            may_differ = editing.may_change_what_rows_are_judged_by(campaign, changes)
            editing.change(session, campaign_id, changes, act)
            if may_differ:
                session.refresh(campaign)
                campaign.template_definition = template or campaign.template_definition
                judge_if_changed(session, campaign)
        return shown_campaign(campaign_id)

    @blueprint.response(204)
    def delete(self, campaign_id: int) -> None:
        """Delete a campaign that is neither scheduled nor running. What was sent stays on record, hidden."""
        with database().write() as session:
            campaign_rows.get_of_bot(session, bot().id, campaign_id, lock=True)
            editing.delete(session, campaign_id, Act(permission().email, database().now(session)))


def _template_after(campaign_id: int, changes: Mapping[str, Any]) -> Json | None:
    """Return the account's item of the template that a change chooses, or that has changed by itself; None
    where neither is so, or it can't be read.
    """
    campaign = must_exist(campaign_id)
    named = {name: changes[name] for name in editing.TEMPLATE if name in changes}
    if not named and not editing.waits_for_its_template(campaign):
        return None
    new = Campaign(**{name: getattr(campaign, name) for name in editing.TEMPLATE} | named)
    definition = definition_of(new, readable_definitions())
    return dict(definition.listed) if definition else None


@blueprint.route(f"/campaigns/<{ID}:campaign_id>/duplicate", methods=["POST"])
@blueprint.arguments(DuplicateQuery, location="query")
@blueprint.response(201, CampaignShape, headers={"Location": {"schema": {"type": "string"}}})
def duplicate(query: Mapping[str, Any], campaign_id: int) -> tuple[Json, int, dict[str, str]]:
    """A new draft with the same settings; `recipients=failed` takes the failed ones along."""
    must_exist(campaign_id)
    failed = query.get("recipients") == "failed"
    copied = copy_failed(service().settings, database(), campaign_id) if failed else None
    discarded = importing.discarded_on_error(copied.spooled) if copied else nullcontext()
    with discarded, database().write() as session:
        act = Act(permission().email, database().now(session))
        campaign_rows.get_of_bot(session, bot().id, campaign_id)
        created = editing.duplicate(session, campaign_id, act, query.get("name")).id
        if copied:
            copied.add_to(session, created, act)
    return shown_campaign(created), 201, {"Location": _place(created)}


def next_cursor(views: list[Json], more: bool) -> str | None:
    """Return the id of the last row shown if others follow it."""
    return str(views[-1]["id"]) if more else None


def _place(campaign_id: int) -> str:
    return url_for("outbound_campaigns.OneCampaign", bot_id=bot().id, campaign_id=campaign_id)
