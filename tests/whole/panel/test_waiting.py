"""A campaign of which nothing leaves says why, on its own page and in the health of the module."""

import sqlalchemy as sa
from playwright.sync_api import expect

from outbound_campaigns.database.models import Attempt, Campaign, Recipient
from tests.support.running import Running
from tests.whole.panel.studio import Studio


def test_a_campaign_that_waits_for_its_next_batch_says_so(studio: Studio, panel_service: Running) -> None:
    campaign_id = panel_service.draft(2, batch_size=1, batch_interval_ms=3_600_000)
    panel_service.move(campaign_id, "start")
    database = panel_service.installed.database

    def is_over(campaign: Campaign) -> bool:
        """Its first message was read, and its answer is recorded, too: receipts may come before that."""
        with database.read() as session:
            mine = sa.select(Attempt.answered_at).join(Recipient).where(Recipient.campaign_id == campaign_id)
            return campaign.read_count == 1 and session.scalar(mine) is not None

    panel_service.installed.wait(campaign_id, is_over)
    with database.write() as session:
        # As if the first message had left a minute earlier.
        at = database.now(session).timestamp() - 60
        mine = sa.update(Campaign).where(Campaign.id == campaign_id)
        session.execute(mine.values(window=[[at, 1]], started_at=sa.null(), finals_since=sa.null()))
    panel = studio.open(f"/campaigns/{campaign_id}")
    notice = panel.locator(".notice", has_text="El lote está completo")
    expect(notice).to_contain_text("Hora prevista:")
    panel = studio.open("/health")
    line = panel.get_by_role("listitem").filter(has_text="El lote está completo")
    line.get_by_role("link", name="prueba").click()
    expect(panel.get_by_role("heading", name="prueba")).to_be_visible()
    panel_service.move(campaign_id, "cancel")
