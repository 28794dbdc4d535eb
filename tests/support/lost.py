"""Campaigns whose messages really went to a simulator, or got lost on the way, and its records of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests
import sqlalchemy as sa

from bot_config.vonage import VonageCredentials
from outbound_campaigns.campaigns import actions, campaign_rows, recounting
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.database.models import Campaign, Recipient, Reconciliation
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.incoming import receipts, reconciliation
from outbound_campaigns.incoming.reconciliation import ReconciliationTerms
from outbound_campaigns.vonage.records import VonageRecords
from tests.support.outcomes import end_with
from tests.support.recipients import add_recipients
from tests.support.simulator_process import RunningSimulator, running_simulator
from vonage_simulator import Account, ReceiptSettings, SimulatorConfig

BOT, KEY, SECRET = "demo-bot", "abcd1234", "s3cret-of-the-account"
LOST = Outcome(OutcomeKind.IN_DOUBT, "connection_lost")
AT_ONCE = ReconciliationTerms(timedelta(0), timedelta(0))
LATER = ReconciliationTerms(timedelta(hours=1), timedelta(hours=24))


def credentials(secret: str | None = SECRET) -> VonageCredentials:
    return VonageCredentials(KEY, secret, None, None, None, sandbox=False)


@pytest.fixture
def account_simulator() -> Iterator[RunningSimulator]:
    config = SimulatorConfig(
        accounts=(Account(KEY, SECRET),), receipts=ReceiptSettings(on=False, read_share=0)
    )
    with running_simulator(config) as running:
        yield running


@pytest.fixture
def records(account_simulator: RunningSimulator) -> VonageRecords:
    return VonageRecords(account_simulator.url, credentials())


@dataclass
class Lost:
    """A campaign with its rows in doubt; `reach` lets Vonage have had the messages all the same."""

    database: Database
    campaign_id: int
    simulator: RunningSimulator

    def campaign(self) -> Campaign:
        with self.database.read() as session:
            return campaign_rows.get(session, self.campaign_id)

    def rows(self) -> Sequence[Recipient]:
        with self.database.read() as session:
            query = sa.select(Recipient).where(Recipient.campaign_id == self.campaign_id)
            return session.execute(query.order_by(Recipient.id)).scalars().all()

    def statuses(self) -> list[str]:
        with self.database.read() as session:
            assert recounting.recount(session) == []
        return [row.status for row in self.rows()]

    def ref(self, place: int, attempt: int = 1) -> str:
        return f"{self.campaign().ref}-{self.rows()[place].id}-{attempt}"

    def reach(self, *places: int, attempt: int = 1, to: str | None = None) -> None:
        """Vonage takes the messages of these rows."""
        for place in places:
            number = to or self.rows()[place].phone_number.lstrip("+")
            post(self.simulator, number, self.ref(place, attempt))

    def request(self, without_receipt: bool = False) -> int:
        with self.database.write() as session:
            act = Act("ana", self.database.now(session))
            row = reconciliation.request(session, self.campaign_id, without_receipt, act)
            session.flush()
            return row.id

    def reconcile(
        self, vonage: VonageRecords, terms: ReconciliationTerms = AT_ONCE, without_receipt: bool = False
    ) -> Reconciliation:
        """A whole pass, and the receipts that came of it."""
        reconciliation_id = self.request(without_receipt)
        while (step := reconciliation.take(self.database)) is not None:
            fresh = VonageRecords(vonage.url, vonage.credentials)
            reconciliation.run_step(self.database, step, fresh, terms, lambda: False)
        self.apply()
        return self.read(reconciliation_id)

    def apply(self) -> None:
        while receipts.apply_some(self.database):
            pass

    def read(self, reconciliation_id: int) -> Reconciliation:
        with self.database.read() as session:
            return session.get_one(Reconciliation, reconciliation_id)


MakeLost = Callable[..., Lost]


@pytest.fixture
def make_lost(database: Database, account_simulator: RunningSimulator) -> MakeLost:
    def make(recipients: int = 3, *outcomes: Outcome) -> Lost:
        with database.write() as session:
            now = database.now(session)
            campaign_id = campaign_rows.create(session, NewCampaign(BOT, "Navidad", "promo"), now).id
            add_recipients(session, campaign_id, recipients, now)
            actions.start(session, campaign_id, ResolvedTemplate("promo", "es_MX"), Act("ana", now))
        end_with(database, campaign_id, *(outcomes or (LOST,)))
        return Lost(database, campaign_id, account_simulator)

    return make


def post(simulator: RunningSimulator, to: str, client_ref: str) -> str:
    """A message as our gateway writes it; Vonage's id of it."""
    content = {"name": "promo", "language": {"policy": "deterministic", "code": "es_MX"}}
    message = {
        "to": to,
        "from": "5215550001111",
        "channel": "whatsapp",
        "message_type": "custom",
        "custom": {"type": "template", "template": content},
        "client_ref": client_ref,
    }
    answer = requests.post(f"{simulator.url}/v1/messages", json=message, auth=(KEY, SECRET), timeout=10)
    uuid: str = answer.json()["message_uuid"]
    return uuid
