"""The route for test messages: the engine sends them, and the answer waits for the outcome."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from outbound_campaigns.audience.reading.refused import shown
from outbound_campaigns.campaigns.campaign_rows import Act, get_of_bot
from outbound_campaigns.database.models import Campaign, TestSend
from outbound_campaigns.domain.phone_numbers import BadNumber, PhoneNumber
from outbound_campaigns.domain.refusals.request import MessageFlawed, NumberNotRead
from outbound_campaigns.domain.refusals.state import EngineMissing
from outbound_campaigns.domain.row_refusals import row_sentence
from outbound_campaigns.engine.lease import engine_alive
from outbound_campaigns.sending import test_sends
from outbound_campaigns.web.api.blueprint import ID, blueprint
from outbound_campaigns.web.api.campaigns import Json, must_exist
from outbound_campaigns.web.api.phone_input import phone_number
from outbound_campaigns.web.api.presenters import problem_view
from outbound_campaigns.web.api.schemas.template import TestSend as TestSendShape
from outbound_campaigns.web.api.schemas.template import TestSendIn
from outbound_campaigns.web.api.service import bot, database, permission, readable_definitions, service
from outbound_campaigns.web.api.templates import first_or_that, previewed

OUTCOME_AWAITED = 10.0
"""seconds that an answer waits for the outcome"""

_POLL = 0.1
_SHOWN = "phone_number"


@blueprint.route(f"/campaigns/<{ID}:campaign_id>/test-send", methods=["POST"])
@blueprint.arguments(TestSendIn)
@blueprint.response(200, TestSendShape)
@blueprint.alt_response(202, schema=TestSendShape)
def send_test(given: Mapping[str, Any], campaign_id: int) -> tuple[Json, int]:
    """Send the first recipient's message to another number: in no count, at most ten a day and campaign."""
    campaign = must_exist(campaign_id)
    number = _number(given["phone_number"])
    custom = _custom(_resolved(campaign))
    if not engine_alive(database()):
        raise EngineMissing
    with database().write() as session:
        get_of_bot(session, bot().id, campaign_id, lock=True)
        act = Act(permission().email, database().now(session))
        queued = test_sends.request(session, campaign, number, custom, act).id
    row = _wait(queued)
    error = problem_view(row.code) if row.code else None
    view = {"phone_number": row.phone_number, "outcome": row.outcome, "error": error}
    return view | {"message_uuid": row.message_uuid}, 202 if row.outcome is None else 200


def _number(text: str) -> PhoneNumber:
    """Read the number. Raises NumberNotRead."""
    try:
        return phone_number(text)
    except BadNumber as refused:
        why = row_sentence(refused.code, 1, _SHOWN, shown(text))
        raise NumberNotRead(why=why) from None


def _resolved(campaign: Campaign) -> Campaign:
    """Return the campaign with its template looked up, as the start will. Raises what the start would."""
    if campaign.template_name is None:
        template = service().prepare(campaign)
        campaign.template_name, campaign.template_namespace = template.name, template.namespace
        campaign.template_language = template.language
    return campaign


def _custom(campaign: Campaign) -> Mapping[str, Any]:
    """Return the first recipient's message. Raises MessageFlawed or NothingToSend."""
    made = previewed(campaign, first_or_that(campaign.id, None), readable_definitions())
    if made.flaws or made.custom is None:
        raise MessageFlawed([(flaw.code, flaw.place, flaw.values) for flaw in made.flaws])
    return made.custom


def _wait(test_send_id: int) -> TestSend:
    end = time.monotonic() + OUTCOME_AWAITED
    while True:
        with database().read() as session:
            row = session.get_one(TestSend, test_send_id)
        if row.outcome is not None or time.monotonic() >= end:
            return row
        time.sleep(_POLL)
