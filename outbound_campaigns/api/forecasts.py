"""When campaigns will be done, from the paces as they are now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot_config.problems import Refusal as BotRefusal
from outbound_campaigns import forecast
from outbound_campaigns.api.service import bot, database, service
from outbound_campaigns.db import Database
from outbound_campaigns.errors import ConfigurationMissing
from outbound_campaigns.models import Campaign, Pace
from outbound_campaigns.sending.pace import account_key, sender_key


def etas(session: Session) -> Callable[[Campaign], datetime | None]:
    """A forecast for any campaign of the bot in hand, by the slower of its settings and its paces."""
    try:
        account = service().senders.account(bot().id)
    except (ConfigurationMissing, BotRefusal):
        return lambda _campaign: None
    now = database().now(session)
    slowest = account.settings.messages_per_second
    keys = [account_key(account.credentials.api_key)] if account.credentials else []
    keys += [sender_key(account.settings.sender_number)] if account.settings.sender_number else []
    paces = session.execute(sa.select(Pace.per_second).where(Pace.key.in_(keys))).scalars().all()
    per_second = min([slowest, *paces])
    return lambda campaign: forecast.finish(campaign, per_second, now)


def eta_of(database: Database, campaign: Campaign) -> datetime | None:
    with database.read() as session:
        return etas(session)(campaign)
