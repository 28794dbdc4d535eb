"""Campaigns with recipients in every state, on both databases."""

from collections.abc import Callable

import pytest

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.template import ResolvedTemplate
from tests.simulation.story import add_recipients

TEMPLATE = ResolvedTemplate("promo", "es_MX")

MakeCampaign = Callable[..., int]


@pytest.fixture
def make_campaign(database: Database) -> MakeCampaign:
    """Makes a draft, or a running campaign, with so many pending recipients; gives its id."""

    def make(recipients: int = 3, running: bool = False, **fields: object) -> int:
        with database.write() as session:
            now = database.now(session)
            new = NewCampaign("bot", "Navidad", "promo", **fields)  # type: ignore[arg-type]
            campaign_id = campaign_rows.create(session, new, now).id
            if recipients:
                add_recipients(session, campaign_id, recipients, now)
            if running:
                actions.start(session, campaign_id, TEMPLATE, Act("ana", now))
        return campaign_id

    return make
