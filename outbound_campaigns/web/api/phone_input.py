"""Reads the phone numbers that clients write, by the rules of the current bot."""

from __future__ import annotations

from bot_config.refusal import Refusal
from outbound_campaigns.domain.phone_numbers import NumberRules, PhoneNumber, read_number
from outbound_campaigns.reports import pages
from outbound_campaigns.reports.pages import PhoneQuery
from outbound_campaigns.web.api.service import bot, service


def number_rules() -> NumberRules:
    """Return the rules in the bot's files; Mexico's where its settings can't be read."""
    try:
        settings = service().senders.account(bot().id).settings
    except Refusal:
        return NumberRules()
    return NumberRules(settings.default_country, settings.mexico_mobile_prefix)


def with_plus(text: str) -> str:
    """Return a number as it was meant in a URL, where a plus that is not escaped comes as a blank."""
    return f"+{text[1:]}" if text.startswith(" ") else text


def phone_query(text: str) -> PhoneQuery:
    """Read a search for a number. Raises SearchRefused."""
    rules = number_rules()
    return pages.phone_query(text, rules.country, rules.mexico_mobile_prefix)


def phone_number(text: str) -> PhoneNumber:
    """Read a phone number. Raises BadNumber."""
    rules = number_rules()
    return read_number(text, rules.country, rules.mexico_mobile_prefix)
