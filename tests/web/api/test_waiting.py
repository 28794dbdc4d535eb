"""The status and the report of a campaign say why nothing leaves of it."""

from datetime import timedelta

import sqlalchemy as sa

from outbound_campaigns.database.models import Campaign
from tests.support.site import BOT, OTHER_BOT, Site, body


def started_long_ago(site: Site, bot: str = BOT) -> int:
    campaign_id = site.started(bot=bot)
    with site.database.write() as session:
        long_ago = site.database.now(session) - timedelta(minutes=5)
        mine = Campaign.id == campaign_id
        session.execute(sa.update(Campaign).where(mine).values(started_at=long_ago))
    return campaign_id


def test_the_status_says_why_campaigns_wait(site: Site) -> None:
    campaign_id = started_long_ago(site)
    started_long_ago(site, bot=OTHER_BOT)
    english = {"Accept-Language": "en"}
    (told,) = body(site.get("/status", headers=english))["waiting"]
    assert (told["campaign_id"], told["name"], told["code"]) == (campaign_id, "Navidad", "engine_missing")
    assert (told["kind"], told["until"]) == ("stuck", None)
    assert told["message"].startswith("No engine is running")
    assert body(site.get("/status"))["waiting"][0]["message"].startswith("No hay ningún motor")


def test_the_report_says_why_its_campaign_waits(site: Site) -> None:
    campaign_id = started_long_ago(site)
    told = body(site.get(f"/campaigns/{campaign_id}/report"))["waiting"]
    assert (told["code"], told["since"] is not None) == ("engine_missing", True)
    assert body(site.get(f"/campaigns/{site.started()}/report"))["waiting"] is None


def test_a_restored_copy_is_among_the_problems(site: Site) -> None:
    with site.database.write() as session:
        session.execute(sa.text("UPDATE outbound_instance SET inode = inode + 1, oid = oid + 1"))
    status = body(site.get("/status", headers={"Accept-Language": "en"}))
    assert status["problems"][-1]["code"] == "restored_copy"
    assert (status["status"], status["engine"]["running"]) == ("degraded", False)
    assert "outbound-campaigns db accept" in status["problems"][-1]["message"]
