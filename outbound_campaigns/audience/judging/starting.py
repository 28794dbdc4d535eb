"""Sees to it that a campaign that is about to start was judged by the template that it starts with."""

from __future__ import annotations

import time

from outbound_campaigns.audience.judging.anew import current_basis, judge_if_changed, judge_some
from outbound_campaigns.campaigns import campaign_rows
from outbound_campaigns.database.models import Campaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.state import JudgingUnderWay
from outbound_campaigns.domain.template import ResolvedTemplate


def must_be_judged(
    database: Database, campaign_id: int, template: ResolvedTemplate, patience: float = 0.0
) -> None:
    """Raise JudgingUnderWay unless the rows are judged by this template; judge them for `patience` seconds.

    A campaign whose rows came without a file, or in a version that did not judge, is taken as it is.
    """
    if _is_judged(database, campaign_id, template):
        return
    with database.write() as session:
        campaign = campaign_rows.get(session, campaign_id, lock=True)
        _take_over(campaign, template)
        judge_if_changed(session, campaign)
    until = time.monotonic() + patience
    while patience and judge_some(database, campaign_id) and time.monotonic() < until:
        pass
    with database.read() as session:
        campaign = campaign_rows.get(session, campaign_id)
    if campaign.judging_after is not None:
        raise JudgingUnderWay(done=campaign.judged_rows, total=campaign.counts["total"])


def _is_judged(database: Database, campaign_id: int, template: ResolvedTemplate) -> bool:
    with database.read() as session:
        campaign = campaign_rows.get(session, campaign_id)
        _take_over(campaign, template)
        session.expunge(campaign)
        if campaign.judging_after is not None or campaign.judged_by is None:
            return campaign.judging_after is None
        return (
            current_basis(session, campaign, campaign.template_definition).fingerprint == campaign.judged_by
        )


def _take_over(campaign: Campaign, template: ResolvedTemplate) -> None:
    if template.definition is None:
        return  # what was known before still tells more
    campaign.template_definition = dict(template.definition)
    if campaign.started_at is not None:
        campaign.filling = None if template.filling is None else dict(template.filling)
