"""Forecasts when campaigns will be done, from the current paces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.accounts import Account
from bot_config.refusal import Refusal
from outbound_campaigns.database.models import Campaign, Pace
from outbound_campaigns.domain.refusals.configuration import ConfigurationMissing
from outbound_campaigns.reports import forecast
from outbound_campaigns.sending.pace import limits_of
from outbound_campaigns.vonage.senders import sender_of
from outbound_campaigns.web.api.service import bot, database, service


def readable_account() -> Account | None:
    """Return the bot's account, None if unreadable. Call it before a transaction: files may be far away."""
    try:
        return service().senders.account(bot().id)
    except Refusal:
        return None


def etas(session: Session, account: Account | None) -> Callable[[Campaign], datetime | None]:
    """Return a forecast for any campaign of the account's bot, by the slower of its settings and paces."""
    if account is None:
        return lambda _campaign: None
    now = database().now(session)

    @cache
    def per_second(number: str | None) -> float:
        try:
            sender = sender_of(account, number)
        except ConfigurationMissing:
            return 0.0
        keys = [limit.key for limit in limits_of(sender)]
        paces = session.execute(sa.select(Pace.per_second).where(Pace.key.in_(keys))).scalars().all()
        return min([sender.messages_per_second, *paces])

    return lambda campaign: forecast.finish(campaign, per_second(campaign.sender_number), now)
