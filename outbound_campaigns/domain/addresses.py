"""The paths under which a bot's API answers: Botpress serves modules there, and Vonage posts there."""

import re

RECEIPTS = "/webhooks/status"
"""the path below a bot's module to which Vonage posts receipts"""


def module_path(bot_id: str) -> str:
    """Return the path of a bot's module, below Botpress's public URL (Botpress 12, "mod/<module>")."""
    return f"/api/v1/bots/{bot_id}/mod/outbound-campaigns"


RECEIPTS_PATH = re.compile(re.escape(module_path("@")).replace("@", "([^/]+)") + RECEIPTS)
"""matches the path of any bot's receipts; its group is the bot's id"""
