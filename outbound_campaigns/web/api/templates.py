"""Routes for the WhatsApp account's templates, and for the preview of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Campaign, Recipient
from outbound_campaigns.domain.lifecycle import RecipientStatus
from outbound_campaigns.domain.refusals.request import TemplateUnknown
from outbound_campaigns.domain.refusals.state import NothingToSend
from outbound_campaigns.media import link_looks
from outbound_campaigns.reports import pages
from outbound_campaigns.sending.previewing import Flaw, Preview, preview
from outbound_campaigns.vonage.definitions.slots import TemplateDefinition
from outbound_campaigns.vonage.templates import language_key
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, must_exist
from outbound_campaigns.web.api.forecasts import readable_account
from outbound_campaigns.web.api.presenters import template_view
from outbound_campaigns.web.api.schemas.template import Preview as PreviewShape
from outbound_campaigns.web.api.schemas.template import PreviewIn, Template, Templates
from outbound_campaigns.web.api.service import bot, database, language, readable_definitions, service

SHOWN = 80
"""characters of a link in a sentence"""


@blueprint.route("/templates")
@blueprint.response(200, Templates)
def list_templates() -> Json:
    """The WhatsApp account's templates as they were at most five minutes ago; 409 without wabaId."""
    return {"templates": [template_view(one) for one in service().templates.of(bot().id)]}


@blueprint.route("/templates/<string:name>/<string:language>")
@blueprint.response(200, Template)
def show_template(name: str, language: str) -> Json:
    """One template with its slots: what a campaign's `values` have to fill."""
    for one in service().templates.of(bot().id):
        if one.wording.name == name and language_key(one.wording.language) == language_key(language):
            return template_view(one)
    raise TemplateUnknown(template_id=f"{name} ({language})")


@blueprint.route(f"/campaigns/<{ID}:campaign_id>/preview", methods=["POST"])
@blueprint.arguments(PreviewIn, required=False)
@blueprint.response(200, PreviewShape)
def show_preview(given: Mapping[str, Any], campaign_id: int) -> Json:
    """What one recipient, or the first, would get, with what is wrong about it. Nothing is sent."""
    campaign = must_exist(campaign_id)
    definitions = readable_definitions()
    recipient = first_or_that(campaign_id, given.get("recipient_id"))
    made = previewed(campaign, recipient, definitions)
    faults, looking = _faults_of_links(made)
    return {
        "recipient_id": recipient.id,
        "phone_number": recipient.phone_number,
        "custom": made.custom,
        "text": made.read,
        "problems": [
            {"code": flaw.code, "slot": flaw.place, "message": flaw.text(language())}
            for flaw in [*made.flaws, *faults]
        ],
        "looking": looking,
    }


def _faults_of_links(made: Preview) -> tuple[list[Flaw], bool]:
    """Return what is wrong with the links of a message, and whether some are still being looked at."""
    account = readable_account()
    links = link_looks.links_in(made.custom)
    ours = f"{service().settings.external_url}/"
    links = {link: wanted for link, wanted in links.items() if not link.startswith(ours)}
    if not links or account is None or not account.settings.check_media_links:
        return [], False
    with database().write() as session:
        found = link_looks.verdicts_of(session, bot().id, links, database().now(session))
    faults = [
        Flaw(one.fault, {"link": link[:SHOWN], "detail": one.detail})
        for link, one in found.items()
        if one is not None and one.fault is not None
    ]
    return faults, None in found.values()


def previewed(
    campaign: Campaign, recipient: Recipient, definitions: Sequence[TemplateDefinition] | None
) -> Preview:
    """Return the preview of a recipient's message, judged as the start will judge it."""
    with database().read() as session:
        columns = campaign_rows.columns(session, campaign.id)
        now = database().now(session)
    return preview(campaign, recipient.variables, definitions, now, columns)


def first_or_that(campaign_id: int, recipient_id: int | None) -> Recipient:
    """Return that recipient; without an id the first who is to be sent to, or else the first of all.

    Raises RecipientNotFound or NothingToSend.
    """
    with database().read() as session:
        if recipient_id is not None:
            return campaign_rows.recipient_of(session, campaign_id, recipient_id)
        for status in (RecipientStatus.PENDING, None):
            for first in pages.recipients_page(session, campaign_id, status=status, limit=1):
                return first
    raise NothingToSend
