"""What Botpress itself needs of the vonage channel, in both versions, and where it takes what people write.

Botpress's messaging 1.2.18: sync/schema.ts and channels/src/vonage/config.ts. A channel that it does not
accept keeps the bot from answering, and with "version": "1.0.0" all other channels of the bot as well.
"""

from collections.abc import Iterator

from bot_config.bots import Bot
from bot_config.problems import Problem
from bot_config.texts import problem

VERSION_1 = "1.0.0"
_NEEDS = ("apiKey", "apiSecret", "signatureSecret")
_LEGACY_NEEDS = (*_NEEDS, "applicationId", "privateKey")
_TAKES = {"version", "enabled", "useTestingApi", *_NEEDS}
_PLAIN_NAMES = {*_LEGACY_NEEDS, *_TAKES}


def messaging_path(bot: Bot) -> str:
    """Return the path where Botpress takes what people write to the bot."""
    if _is_version_1(bot):
        return f"/api/v1/messaging/webhooks/v1/{bot.id}/vonage"
    return f"/api/v1/messaging/webhooks/{bot.id}/vonage/inbound"


def missing_for_botpress(bot: Bot) -> tuple[str, ...]:
    """Return the keys without which Botpress does not use the bot's channel."""
    channel = bot.channel or {}
    return tuple(key for key in (_NEEDS if _is_version_1(bot) else _LEGACY_NEEDS) if not channel.get(key))


def has_path_for_key(bot: Bot) -> bool:
    """Return whether Botpress would take a path for the key itself, and fail with it."""
    key = (bot.channel or {}).get("privateKey")
    return not _is_version_1(bot) and isinstance(key, str) and bool(key) and "-----BEGIN" not in key


def channel_warnings(bot: Bot) -> list[Problem]:
    """Return what does not keep us from sending, but keeps Botpress from using the channel."""
    return [] if bot.channel is None or bot.channel.get("enabled") is False else list(_warnings(bot))


def _warnings(bot: Bot) -> Iterator[Problem]:
    channel = bot.channel or {}
    extra = sorted(channel.keys() - _TAKES)
    if _is_version_1(bot) and extra:
        # Any other key's name may hold a variable's value.
        shown = [key for key in extra if key in _PLAIN_NAMES or not bot.has_variables]
        names = ", ".join(shown if len(shown) == len(extra) else [*shown, "…"])
        yield problem("vonage.extra_keys", file=bot.channel_file, names=names)
    if missing := missing_for_botpress(bot):
        yield problem("vonage.botpress_needs", file=bot.channel_file, names=", ".join(missing))
    if has_path_for_key(bot):
        yield problem("vonage.botpress_needs_key", file=bot.channel_file)


def _is_version_1(bot: Bot) -> bool:
    return (bot.channel or {}).get("version") == VERSION_1
