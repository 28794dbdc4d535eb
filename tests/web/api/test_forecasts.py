"""A forecast goes by what lets this very campaign's messages out, and holds no transaction meanwhile."""

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from bot_config.accounts import Account
from outbound_campaigns.database.models import Pace
from outbound_campaigns.sending.preparation import bots_of
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.web.api.service import EXTENSION
from tests.support.site import BOT, CHANNEL, Site, body

HUNDRED = "phone_number\n" + "".join(f"55{number}\n" for number in range(12345000, 12345100))


def lasts(site: Site, campaign_id: int) -> float:
    """Seconds from the start to the forecast."""
    shown = body(site.get(f"/campaigns/{campaign_id}"))
    begun, eta = (datetime.fromisoformat(shown[name]) for name in ("started_at", "eta"))
    return (eta - begun).total_seconds()


def test_the_sandboxs_pace_is_reckoned_with_before_anything_was_sent(sqlite_site: Site) -> None:
    channel = {**CHANNEL, "useTestingApi": True}
    config = {"id": BOT, "name": BOT, "messaging": {"channels": {"vonage": channel}}}
    sqlite_site.data.write(f"bots/{BOT}/bot.config.json", config)
    assert lasts(sqlite_site, sqlite_site.started(HUNDRED)) >= 100


def test_the_pace_of_the_campaigns_own_number_is_reckoned_with(sqlite_site: Site) -> None:
    own = sqlite_site.started(HUNDRED, sender_number="5215550002222")
    other = sqlite_site.started(HUNDRED)
    with sqlite_site.database.write() as session:
        row = {"key": "sender:5215550002222", "per_second": 2.0, "next_at": 0.0, "window_at": 0.0}
        session.execute(sa.insert(Pace), [row])
    assert lasts(sqlite_site, own) >= 50
    assert lasts(sqlite_site, other) < 50


def test_what_can_not_be_sent_has_no_end_in_sight(sqlite_site: Site) -> None:
    campaign_id = sqlite_site.started(HUNDRED)
    sqlite_site.data.write("global/config/outbound-campaigns.json", {})
    assert body(sqlite_site.get(f"/campaigns/{campaign_id}"))["eta"] is None


@pytest.mark.parametrize("path", ["", "/{id}", "/{id}/report"])
def test_no_transaction_waits_for_the_bots_files(site: Site, path: str) -> None:
    pool = site.database.engine.pool
    held: list[int] = []

    class Watched(BotSenders):
        def account(self, bot_id: str) -> Account:
            held.append(pool.checkedout())  # type: ignore[attr-defined]
            return super().account(bot_id)

    campaign_id = site.started()
    service = site.app.extensions[EXTENSION]
    site.app.extensions[EXTENSION] = replace(service, senders=Watched(bots_of(site.settings, {})))
    assert site.get("/campaigns" + path.format(id=campaign_id)).status_code == 200
    assert set(held) == {0}
