"""The paths under which a bot's API answers: Botpress serves modules there, and Vonage posts there."""

import re

RECEIPTS, REPLIES = "/webhooks/status", "/webhooks/inbound"
"""the paths below a bot's module to which Vonage posts receipts, and what people write"""


def module_path(bot_id: str) -> str:
    """Return the path of a bot's module, below Botpress's public URL (Botpress 12, "mod/<module>")."""
    return f"/api/v1/bots/{bot_id}/mod/outbound-campaigns"


def replies_url(external_url: str | None, bot_id: str) -> str:
    """Return the inbound URL to be set at Vonage; with an ellipsis where our own address is not known."""
    return f"{external_url or 'https://…'}{module_path(bot_id)}{REPLIES}"


def media_url(external_url: str | None, bot_id: str, name: str) -> str:
    """Return where Meta fetches a hosted file; with an ellipsis where our own address is not known."""
    return f"{external_url or 'https://…'}{module_path(bot_id)}/media/{name}"


WEBHOOK_PATH = re.compile(re.escape(module_path("@")).replace("@", "([^/]+)") + f"({RECEIPTS}|{REPLIES})")
"""matches the path of any bot's webhook; its groups are the bot's id, and RECEIPTS or REPLIES"""
