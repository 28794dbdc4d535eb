"""Enforces a campaign's spending limit at the claim: rows that it leaves no room for are not taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.money import shown
from bot_config.prices import PriceTable
from outbound_campaigns.campaigns import skipping, spending, transitions
from outbound_campaigns.campaigns.campaign_rows import GUARD, Act
from outbound_campaigns.campaigns.skipping import never_taken
from outbound_campaigns.database.models import Campaign, Recipient
from outbound_campaigns.database.statements import change
from outbound_campaigns.domain.countries import country_of
from outbound_campaigns.domain.lifecycle import CampaignEvent, OnSpendLimit, RecipientStatus

LOOK_AGAIN = timedelta(seconds=0.5)
"""wait while open answers may make room, or while the engine skips what is pending"""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Claimed rows that fit the budget, with prices. If none fit, `waits` is true when the others wait."""

    prices: Mapping[int, int | None] = field(default_factory=dict)
    waits: bool = False
    until: datetime | None = None
    """when to look again at those that wait; if None, not until something changes"""


@dataclass(slots=True)
class Room:
    """What a spending limit leaves; amounts are in millionths."""

    limit: int
    committed: int
    possible: int
    in_flight: bool

    def take(self, price: int) -> bool:
        """Reserve room for a price if there is enough. Returns whether there was."""
        fits = self.committed + self.possible + price <= self.limit
        self.possible += price if fits else 0
        return fits

    def may_come(self, price: int) -> bool:
        """Return whether open answers could make room for a price. What is committed stays so."""
        return self.in_flight and self.committed + price <= self.limit


@dataclass(frozen=True, slots=True)
class Budget:
    """A locked campaign at the moment of a claim, with the current prices from its bot's files."""

    session: Session
    campaign: Campaign
    table: PriceTable | None
    now: datetime

    def fit(self, taken: Mapping[int, str]) -> Fitting:
        """Return which of the rows that a claim has just taken ({id: number}, in their order) may leave.

        The others are as if never taken: they wait, or are skipped, as the campaign says.
        """
        prices = {
            id_: spending.price_in(country_of(number), self.campaign, self.table)
            for id_, number in taken.items()
        }
        if self.campaign.spend_limit is None:
            return Fitting(prices)
        known = {id_: price for id_, price in prices.items() if price is not None}
        if len(known) < len(taken):
            return self._without_prices(taken)
        room = self._room(self.campaign.spend_limit)
        fitting = {id_: price for id_, price in known.items() if room.take(price)}
        rest = {id_: price for id_, price in known.items() if id_ not in fitting}
        if not rest:
            return Fitting(fitting)
        if self.campaign.on_spend_limit == OnSpendLimit.SKIP:
            return self._skip(room, fitting, rest)
        return self._pause(room, fitting, rest)

    def _room(self, limit: int) -> Room:
        campaign = self.campaign
        return Room(limit, campaign.spend_committed, campaign.spend_possible, campaign.sending_count > 0)

    def _without_prices(self, taken: Mapping[int, str]) -> Fitting:
        self._let_go(taken)
        missing = spending.prices_missing(self.session, self.campaign, self.table)
        self._move_to_pause({"code": missing.code, **missing.values})
        return Fitting(waits=True)

    def _pause(self, room: Room, fitting: Mapping[int, int], rest: Mapping[int, int]) -> Fitting:
        """Pause once nothing is in flight: a pause would take back what was claimed and has not left."""
        self._let_go(rest)
        if fitting:
            return Fitting(fitting)
        if room.in_flight:
            return Fitting(waits=True, until=self.now + LOOK_AGAIN)
        self._move_to_pause(
            {
                "code": spending.SPEND_LIMIT,
                "limit": shown(room.limit),
                "spent": shown(room.committed),
                "possible": shown(room.possible),
                "currency": self.table.currency if self.table else None,
            }
        )
        return Fitting(waits=True)

    def _skip(self, room: Room, fitting: Mapping[int, int], rest: Mapping[int, int]) -> Fitting:
        """Skip row by row as long as cheaper ones may fit; then have the engine skip all that is pending."""
        room.in_flight = room.in_flight or bool(fitting)
        cheapest = min(spending.known_prices(self.session, self.campaign, self.table), default=0)
        reached = not (fitting or room.take(cheapest) or room.may_come(cheapest))
        hopeful = rest if reached else {id_ for id_, price in rest.items() if room.may_come(price)}
        self._let_go(hopeful)
        if reached:
            self.campaign.limit_reached = True
            return Fitting(waits=True, until=self.now + LOOK_AGAIN)
        hopeless = [id_ for id_ in rest if id_ not in hopeful]
        if hopeless:
            skipping.skip(
                self.session, self.campaign, hopeless, spending.SPEND_LIMIT, self.now, **never_taken()
            )
        if not fitting and not hopeless:
            return Fitting(waits=True, until=self.now + LOOK_AGAIN)
        return Fitting(fitting)

    def _let_go(self, ids: Collection[int]) -> None:
        change(
            self.session,
            sa.update(Recipient)
            .where(Recipient.id.in_(ids))
            .values(status=RecipientStatus.PENDING, **never_taken()),
        )

    def _move_to_pause(self, why: dict[str, Any]) -> None:
        self.session.flush()
        act = Act(GUARD, self.now, why, {"next_batch_at": None})
        transitions.move_campaign(self.session, self.campaign.id, CampaignEvent.PAUSE, act)
