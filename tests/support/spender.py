"""A campaign with prices and a limit, to which everything may happen that can happen to an attempt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot_config.prices import CATEGORIES, PriceTable
from bot_config.refusal import Refusal
from outbound_campaigns.campaigns import actions, campaign_rows, editing, recounting
from outbound_campaigns.campaigns.campaign_rows import Act, NewCampaign
from outbound_campaigns.campaigns.counting import shift_countries
from outbound_campaigns.campaigns.in_doubt import DoubtVerdict, resolve
from outbound_campaigns.database.base import Base
from outbound_campaigns.database.models import Attempt, Campaign, Event, Instance, Recipient
from outbound_campaigns.database.transactions import Database
from outbound_campaigns.domain.outcome import Outcome, OutcomeKind
from outbound_campaigns.domain.template import ResolvedTemplate
from outbound_campaigns.engine.watch import Watch
from outbound_campaigns.incoming import receipts
from outbound_campaigns.sending.abandoned import abandon_others
from outbound_campaigns.sending.claims import Claimant, claim_slice
from outbound_campaigns.sending.record import record
from outbound_campaigns.sending.results import Result
from outbound_campaigns.sending.slice import Departure, Probe, Slice, Wait
from tests.support.everyone import chosen_for
from tests.support.receipt_bodies import failed, v1
from tests.support.senders import OneSender

MEXICO = 20_000
"""millionths, of the default table"""


BOT = "bot"
NUMBERS = {"MX": "+521442{:07d}", "CO": "+57310{:07d}", "ES": "+34612{:06d}", "US": "+1202555{:04d}"}
CODES = {
    OutcomeKind.ACCEPTED: None,
    OutcomeKind.THROTTLED: "http_429",
    OutcomeKind.NOT_CONNECTED: "not_connected",
    OutcomeKind.RECIPIENT_REFUSED: "1180",
    OutcomeKind.IN_DOUBT: "timeout",
    OutcomeKind.NOT_BEGUN: "claim_expired",
}


def table(**prices: int) -> PriceTable:
    """Prices in millionths, the same for every category."""
    return PriceTable("USD", {country: dict.fromkeys(CATEGORIES, price) for country, price in prices.items()})


def clear(database: Database) -> None:
    with database.write() as session:
        for each in reversed(Base.metadata.sorted_tables):
            if each is not Instance.__table__:
                session.execute(sa.delete(each))


@dataclass
class Spender:
    """One campaign, its recipients of some countries in turn; what was claimed and is not answered yet."""

    database: Database
    prices: PriceTable | None
    open: list[Departure] = field(default_factory=list)
    campaign_id: int = 0

    def begin(self, people: Sequence[str], limit: int | None, **fields: Any) -> Spender:
        with self.database.write() as session:
            now = self.database.now(session)
            new = NewCampaign(BOT, "Navidad", "promo", spend_limit=limit, batch_size=10_000, **fields)
            self.campaign_id = campaign_rows.create(session, new, now).id
            self._add(session, people, now)
            actions.start(session, self.campaign_id, ResolvedTemplate("promo", "es_MX"), Act("ana", now))
        return self

    def _add(self, session: sa.orm.Session, people: Sequence[str], now: Any) -> None:
        for place, country in enumerate(people):
            number = NUMBERS[country].format(place)
            session.add(
                Recipient(
                    campaign_id=self.campaign_id,
                    phone_number=number,
                    phone_key=number.lstrip("+"),
                    variables={},
                    next_attempt_at=now - timedelta(days=1),
                    updated_at=now,
                )
            )
            shift_countries(session, self.campaign_id, {country: 1})
        campaign_rows.update(session, self.campaign_id, pending_count=len(people))
        session.flush()
        session.expire_all()

    def claim(self, most: int = 1000) -> Slice | Wait | Probe:
        sender = replace(OneSender(10_000).sender(BOT, None), prices=self.prices)
        # As if a second had passed, and nobody had to wait for the breaker.
        with self.database.write() as session:
            for name in ("outbound_paces", "outbound_breakers"):
                session.execute(sa.delete(Base.metadata.tables[name]))
        claimed = claim_slice(self.database, self.campaign_id, sender, Claimant("worker", most, lambda: 0.0))
        if isinstance(claimed, Slice):
            self.open += claimed.departures
        return claimed

    def answer(self, kind: OutcomeKind, departures: Sequence[Departure], again: bool = False) -> None:
        if not departures:
            return
        outcome = Outcome(kind, CODES[kind], message_uuid="uuid")
        sender = replace(OneSender(10_000).sender(BOT, None), prices=self.prices)
        at = departures[0].slot
        record(
            self.database,
            [
                Result(self.campaign_id, sender, one.recipient_id, one.number, at, outcome, at, at)
                for one in departures
            ],
        )
        if not again:
            self.open = [one for one in self.open if one not in departures]

    def receive(self, status: str, recipient_id: int, attempt: int, code: str = "1330") -> None:
        ref = f"{self.campaign().ref}-{recipient_id}-{attempt}"
        body = v1(status, ref) if status in ("submitted", "delivered", "read") else failed(code, ref, status)
        with self.database.write() as session:
            receipts.store(session, [(BOT, body)], self.database.now(session))
        receipts.apply_some(self.database)

    def lose_workers(self) -> None:
        abandon_others(self.database, "another")

    def act(self, what: str, *arguments: Any) -> None:
        """What an operator does; a refusal is an answer too."""
        try:
            with self.database.write() as session:
                act = Act("ana", self.database.now(session))
                getattr(actions, what)(session, self.campaign_id, *arguments, act, *chosen_for(what))
        except Refusal:
            pass

    def change(self, **changes: Any) -> None:
        with self.database.write() as session:
            act = Act("ana", self.database.now(session))
            editing.change(session, self.campaign_id, changes, act)

    def resolve(self, recipient_id: int, verdict: DoubtVerdict) -> None:
        try:
            with self.database.write() as session:
                act = Act("ana", self.database.now(session))
                resolve(session, self.campaign_id, recipient_id, verdict, act)
        except Refusal:
            pass

    def follow(self) -> None:
        """What the engine looks after; one look moves the rows, the next finds none left."""
        watch = Watch(self.database, lambda _: ResolvedTemplate("promo", "es_MX"), 35.0, 900.0)
        for _ in range(2):
            watch.follow()

    def make_due(self) -> None:
        """As if so much time had passed that all who wait may be tried again."""
        with self.database.write() as session:
            now = self.database.now(session)
            waits = sa.and_(Recipient.status == "pending", Recipient.next_attempt_at > now)
            session.execute(
                sa.update(Recipient).where(waits).values(next_attempt_at=now - timedelta(hours=1))
            )

    def campaign(self) -> Campaign:
        with self.database.read() as session:
            return campaign_rows.get(session, self.campaign_id)

    def attempts(self) -> Sequence[Attempt]:
        with self.database.read() as session:
            query = sa.select(Attempt).order_by(Attempt.recipient_id, Attempt.number)
            return session.execute(query).scalars().all()

    def statuses(self) -> Mapping[str, int]:
        return {name: count for name, count in self.campaign().counts.items() if count and name != "total"}

    def spent(self) -> tuple[int, int]:
        campaign = self.campaign()
        return campaign.spend_committed, campaign.spend_possible

    def pauses(self) -> list[dict[str, Any] | None]:
        with self.database.read() as session:
            query = sa.select(Event.why).where(Event.what == "pause").order_by(Event.id)
            return list(session.execute(query).scalars())

    def must_add_up(self) -> None:
        """What is kept is what the attempts say, and no figure differs from its rows."""
        sums = {"committed": 0, "possible": 0, "released": 0}
        for attempt in self.attempts():
            if attempt.price is not None:
                assert attempt.charge is not None
                sums[attempt.charge] += attempt.price
        assert self.spent() == (sums["committed"], sums["possible"])
        with self.database.read() as session:
            assert recounting.recount(session) == []


MakeSpender = Callable[..., Spender]


@pytest.fixture
def make_spender(database: Database) -> MakeSpender:
    """Makes a running campaign: its people's countries, its limit, its fields; gives whom to ask about it."""

    def make(people: Sequence[str], limit: int | None = None, **fields: Any) -> Spender:
        prices = fields.pop("prices", table(MX=MEXICO, CO=50_000))
        return Spender(database, prices).begin(people, limit, **fields)

    return make
