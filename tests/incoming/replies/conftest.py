"""A campaign that was sent to two people, the door for their answers, and Botpress behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from outbound_campaigns.database.models import InboundMessage, OptOut, Recipient
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.engine.forwarding import Forwarding
from outbound_campaigns.sending.preparation import bots_of
from outbound_campaigns.vonage.senders import BotSenders
from outbound_campaigns.web.api.service import EXTENSION, service_of
from tests.support.messaging import Messaging
from tests.support.outcomes import end_with
from tests.support.receipt_bodies import signed
from tests.support.site import BOT, Site, body

TWO = "phone_number,var1\n4422591631,a\n5512345678,b\n"


@dataclass
class Desk:
    site: Site
    messaging: Messaging
    botpress_url: str | None

    @property
    def answering(self) -> Forwarding:
        """A new one each time, as after a restart."""
        return Forwarding(self.site.database, BotSenders(bots_of(self.site.settings, {})), self.botpress_url)

    def tell_service(self, botpress_url: str) -> None:
        """Let the web part have this address in its settings, too."""
        service = service_of(self.site.app)
        changed = replace(service.settings, botpress_url=botpress_url)
        self.site.app.extensions[EXTENSION] = replace(service, settings=changed)

    def sent(self, uuid: str = "ours-1") -> int:
        """A campaign that was sent to both; messages got ids that begin so."""
        campaign_id = self.site.started(TWO)
        outcomes = [Outcome(OutcomeKind.ACCEPTED, message_uuid=f"{uuid}-{n}") for n in range(2)]
        end_with(self.site.database, campaign_id, *outcomes)
        return campaign_id

    def post(self, *bodies: bytes, bot: str = BOT) -> None:
        for raw in bodies:
            answer = self.site.ask(
                "POST", "/webhooks/inbound", user=None, bot=bot, data=raw, headers=signed(raw)
            )
            assert (answer.status_code, answer.data) == (200, b"")

    def receive(self, *bodies: bytes, bot: str = BOT) -> None:
        self.post(*bodies, bot=bot)
        self.answering.apply()

    def pass_time(self, seconds: float) -> None:
        """For those in line."""
        with self.site.database.write() as session:
            for row in session.execute(sa.select(InboundMessage)).scalars():
                row.try_at -= timedelta(seconds=seconds)

    def kept(self) -> Sequence[InboundMessage]:
        with self.site.database.read() as session:
            return session.execute(sa.select(InboundMessage).order_by(InboundMessage.id)).scalars().all()

    def opted_out(self) -> list[tuple[str, str, str | None]]:
        with self.site.database.read() as session:
            rows = session.execute(sa.select(OptOut).order_by(OptOut.id)).scalars()
            return [(row.phone_number, row.source, row.detail) for row in rows]

    def statuses(self, campaign_id: int) -> list[str]:
        with self.site.database.read() as session:
            query = sa.select(Recipient.status).where(Recipient.campaign_id == campaign_id)
            return list(session.execute(query.order_by(Recipient.id)).scalars())

    def replies(self, campaign_id: int) -> dict[str, Any]:
        found: dict[str, Any] = body(self.site.get(f"/campaigns/{campaign_id}/report"))["replies"]
        return found

    def status(self) -> dict[str, Any]:
        found: dict[str, Any] = body(self.site.get("/status"))["bot"]["inbound"]
        return found


@pytest.fixture
def messaging() -> Iterator[Messaging]:
    made = Messaging()
    with made.running():
        yield made


@pytest.fixture
def desk(site: Site, messaging: Messaging) -> Desk:
    return Desk(site, messaging, messaging.url)
