"""A running campaign whose messages were accepted, and receipts for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
import sqlalchemy as sa

from outbound_campaigns.campaigns import actions, campaign_rows
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Campaign, Receipt, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.incoming import receipts
from outbound_campaigns.sending.abandoned import abandon_others
from tests.support.everyone import chosen_for
from tests.support.outcomes import end_with
from tests.support.recipients import add_recipients

BOT = "demo-bot"


@dataclass
class Sent:
    """A campaign of the database; places count its recipients from 0."""

    database: Database
    campaign_id: int

    def end_with(self, *outcomes: Outcome, receipts: bool = True) -> None:
        url = "https://example.com/webhooks/status" if receipts else None
        end_with(self.database, self.campaign_id, *outcomes, webhook_url=url)

    def lose(self) -> None:
        """The worker that had claimed rows is gone, and another takes over."""
        abandon_others(self.database, "another")

    def make_due(self) -> None:
        """Let every wait end."""
        with self.database.write() as session:
            session.execute(sa.update(Recipient).values(next_attempt_at=self.database.now(session)))

    def operate(self, what: str) -> None:
        """What an operator does: pause, resume, cancel, retry_failed."""
        with self.database.write() as session:
            act = Act("ana", self.database.now(session))
            getattr(actions, what)(session, self.campaign_id, act, *chosen_for(what))

    def campaign(self) -> Campaign:
        with self.database.read() as session:
            return campaign_rows.get(session, self.campaign_id)

    def rows(self) -> Sequence[Recipient]:
        with self.database.read() as session:
            query = sa.select(Recipient).where(Recipient.campaign_id == self.campaign_id)
            return session.execute(query.order_by(Recipient.id)).scalars().all()

    def row(self, place: int = 0) -> Recipient:
        return self.rows()[place]

    def ref(self, place: int = 0, attempt: int = 1) -> str:
        return f"{self.campaign().ref}-{self.row(place).id}-{attempt}"

    def receive(self, *bodies: str, bot: str = BOT, apply: bool = True) -> None:
        if bodies:
            with self.database.write() as session:
                now = self.database.now(session)
                receipts.store(session, [(bot, body) for body in bodies], now)
        while apply and receipts.apply_some(self.database):
            pass

    def kept(self) -> Sequence[Receipt]:
        with self.database.read() as session:
            return session.execute(sa.select(Receipt).order_by(Receipt.id)).scalars().all()


MakeSent = Callable[..., Sent]


@pytest.fixture
def make_sent(database: Database) -> MakeSent:
    def make(recipients: int = 2, *outcomes: Outcome, **fields: object) -> Sent:
        with database.write() as session:
            now = database.now(session)
            new = NewCampaign(BOT, "Navidad", "promo", **fields)  # type: ignore[arg-type]
            campaign_id = campaign_rows.create(session, new, now).id
            add_recipients(session, campaign_id, recipients, now)
            actions.start(session, campaign_id, ResolvedTemplate("promo", "es_MX"), Act("ana", now))
        sent = Sent(database, campaign_id)
        if outcomes:
            sent.end_with(*outcomes)
        return sent

    return make
