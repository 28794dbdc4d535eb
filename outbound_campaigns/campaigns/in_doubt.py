"""Settles a row in doubt by an operator's verdict: it went out, or it is to be sent now."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from outbound_campaigns.campaigns import campaign_rows, spending, transitions
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.counting import State, Tally
from outbound_campaigns.database.models import Campaign, Recipient
from outbound_campaigns.domain.lifecycle import (
    CAMPAIGN_TRANSITIONS,
    CampaignEvent,
    CampaignStatus,
    Charge,
    RecipientEvent,
    RecipientStatus,
    recipient_after,
)
from outbound_campaigns.domain.refusals.request import RecipientNotFound
from outbound_campaigns.domain.refusals.state import IllegalMove, NotInDoubt


class DoubtVerdict(StrEnum):
    SENT = "sent"
    NOT_SENT = "not_sent"


_EVENTS = {DoubtVerdict.SENT: RecipientEvent.CONFIRM, DoubtVerdict.NOT_SENT: RecipientEvent.DENY}


def resolve(session: Session, campaign_id: int, recipient_id: int, verdict: DoubtVerdict, act: Act) -> None:
    """Settle one row. "not_sent" sends the message, perhaps a second time: that is the operator's decision.

    The campaign goes on for it, but one that is cancelled sends no more. Raises CampaignNotFound,
    RecipientNotFound, NotInDoubt or IllegalMove.
    """
    campaign = campaign_rows.get_to_change(session, campaign_id)
    row = _locked(session, campaign_id, recipient_id)
    if row.status != RecipientStatus.IN_DOUBT:
        raise NotInDoubt
    if verdict is DoubtVerdict.NOT_SENT and campaign.status == CampaignStatus.CANCELLED:
        raise IllegalMove(event="resolve", status=campaign.status)
    before = State(RecipientStatus.IN_DOUBT, row.error_code)
    _settle(row, verdict, act)
    tally = Tally()
    tally.move(before, State(RecipientStatus(row.status)))
    tally.keep(session, campaign, act.at)
    if verdict is DoubtVerdict.SENT:
        spending.settle(session, campaign, [(Charge.COMMITTED, (row.id, row.last_attempt))])
    session.flush()
    why = {"code": f"resolved_as_{verdict}", "recipient": row.id}
    campaign_rows.record_event(session, campaign_id, "resolve", Act(act.who, act.at, why))
    if verdict is DoubtVerdict.NOT_SENT:
        _reopen(session, campaign, Act(act.who, act.at, why, {"finished_at": None}))


def _locked(session: Session, campaign_id: int, recipient_id: int) -> Recipient:
    query = sa.select(Recipient).where(Recipient.id == recipient_id, Recipient.campaign_id == campaign_id)
    row = session.execute(query.with_for_update().execution_options(populate_existing=True)).scalar()
    if row is None:
        raise RecipientNotFound(recipient=recipient_id)
    return row


def _settle(row: Recipient, verdict: DoubtVerdict, act: Act) -> None:
    row.status = recipient_after(RecipientStatus.IN_DOUBT, _EVENTS[verdict])
    row.error_code = row.error_detail = None
    row.updated_at = act.at
    if verdict is DoubtVerdict.SENT:
        row.sent_at = row.sent_at or act.at
    else:
        row.next_attempt_at = act.at


def _reopen(session: Session, campaign: Campaign, act: Act) -> None:
    ended = set(CAMPAIGN_TRANSITIONS[CampaignEvent.REOPEN]) - {CampaignStatus.PAUSED}
    if campaign.status in ended:
        transitions.move_campaign(session, campaign.id, CampaignEvent.REOPEN, act)
