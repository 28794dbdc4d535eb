"""A row in doubt is settled by one deliberate act, and by whom is written down."""

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import campaign_rows, recounting
from outbound_campaigns.campaigns.campaign_rows import Act
from outbound_campaigns.campaigns.in_doubt import DoubtVerdict, resolve
from outbound_campaigns.database.models import Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.refusals.request import RecipientNotFound
from outbound_campaigns.domain.refusals.state import IllegalMove, NotInDoubt
from outbound_campaigns.reports import pages
from tests.support.campaigns import MakeCampaign
from tests.support.outcomes import ACCEPTED, LOST, end_with


def in_doubt(database: Database, make_campaign: MakeCampaign) -> tuple[int, int]:
    """(campaign, recipient in doubt); the campaign has completed."""
    campaign_id = make_campaign(2, running=True)
    end_with(database, campaign_id, ACCEPTED, LOST)
    with database.read() as session:
        query = sa.select(Recipient.id).where(Recipient.status == "in_doubt")
        return campaign_id, session.execute(query).scalar_one()


def settle(database: Database, campaign_id: int, recipient_id: int, verdict: DoubtVerdict) -> None:
    with database.write() as session:
        resolve(session, campaign_id, recipient_id, verdict, Act("ana", database.now(session)))


def state(database: Database, campaign_id: int, recipient_id: int) -> tuple[str, str]:
    with database.read() as session:
        assert recounting.recount(session) == []
        row = session.get_one(Recipient, recipient_id)
        return row.status, campaign_rows.get(session, campaign_id).status


def test_a_row_that_went_out_is_sent_and_the_campaign_stays_as_it_is(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id, recipient_id = in_doubt(database, make_campaign)
    settle(database, campaign_id, recipient_id, DoubtVerdict.SENT)
    assert state(database, campaign_id, recipient_id) == ("sent", "completed")


def test_a_row_that_did_not_is_sent_now_and_the_campaign_goes_on_for_it(
    database: Database, make_campaign: MakeCampaign
) -> None:
    campaign_id, recipient_id = in_doubt(database, make_campaign)
    settle(database, campaign_id, recipient_id, DoubtVerdict.NOT_SENT)
    assert state(database, campaign_id, recipient_id) == ("pending", "running")
    end_with(database, campaign_id, ACCEPTED)
    assert state(database, campaign_id, recipient_id) == ("sent", "completed")


def test_who_decided_is_kept(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id, recipient_id = in_doubt(database, make_campaign)
    settle(database, campaign_id, recipient_id, DoubtVerdict.NOT_SENT)
    with database.read() as session:
        events = [(event.what, event.who) for event in pages.events_page(session, campaign_id, limit=2)]
    assert events == [("reopen", "ana"), ("resolve", "ana")]


@pytest.mark.parametrize("verdict", DoubtVerdict)
def test_what_is_not_in_doubt_can_not_be_resolved_nor_twice(
    database: Database, make_campaign: MakeCampaign, verdict: DoubtVerdict
) -> None:
    campaign_id, recipient_id = in_doubt(database, make_campaign)
    settle(database, campaign_id, recipient_id, verdict)
    with pytest.raises(NotInDoubt):
        settle(database, campaign_id, recipient_id, verdict)


def test_a_cancelled_campaign_sends_no_more(database: Database, make_campaign: MakeCampaign) -> None:
    campaign_id, recipient_id = in_doubt(database, make_campaign)
    with database.write() as session:
        campaign_rows.update(session, campaign_id, status="cancelled")
    with pytest.raises(IllegalMove):
        settle(database, campaign_id, recipient_id, DoubtVerdict.NOT_SENT)
    settle(database, campaign_id, recipient_id, DoubtVerdict.SENT)


def test_a_recipient_of_another_campaign_is_not_there(
    database: Database, make_campaign: MakeCampaign
) -> None:
    _, recipient_id = in_doubt(database, make_campaign)
    with pytest.raises(RecipientNotFound):
        settle(database, make_campaign(1), recipient_id, DoubtVerdict.SENT)
