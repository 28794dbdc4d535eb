"""A bot that names another's account without its secret, and is resumed again and again."""

from __future__ import annotations

from collections.abc import Container
from contextlib import suppress

import sqlalchemy as sa

from outbound_campaigns.database.models import Recipient
from outbound_campaigns.domain.refusals.state import IllegalMove
from tests.support.installation import Installation

BOT = "neighbour"
RECIPIENTS = 200


class Neighbour:
    """Its campaign, once it has begun."""

    def __init__(self, installed: Installation) -> None:
        self._installed = installed
        self.campaign_id = 0

    def write_files(self, account: str, number: str) -> None:
        """Name somebody's account and number, with a wrong secret and a pace that would stop everybody."""
        channel = {"enabled": True, "apiKey": account, "apiSecret": "not the secret"}
        self._installed.data.add_channel(channel, BOT)
        settings = {"senderNumber": number, "messagesPerSecond": 0.2}
        self._installed.data.write(f"bots/{BOT}/config/outbound-campaigns.json", settings)

    def resume(self) -> None:
        """Resume the campaign, unless it runs."""
        with suppress(IllegalMove):
            self._installed.operate(self.campaign_id, "resume")

    def judge(self, accepted: Container[str]) -> None:
        """Vonage has refused it: none of its people was messaged, and none is lost."""
        paused = self._installed.wait(self.campaign_id, lambda campaign: campaign.status == "paused")
        assert "http_401" in str(paused.status_reason)
        with self._installed.database.read() as session:
            query = sa.select(Recipient.phone_number, Recipient.status)
            rows = session.execute(query.where(Recipient.campaign_id == self.campaign_id)).all()
        assert len(rows) == RECIPIENTS
        assert {status for _, status in rows} <= {"pending", "sending", "in_doubt"}
        assert not any(number.lstrip("+") in accepted for number, _ in rows)
