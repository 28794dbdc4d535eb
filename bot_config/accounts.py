"""Reads all that sending for a bot needs to know, in one call."""

from dataclasses import dataclass

from bot_config.bots import Bot, Bots
from bot_config.module_settings import FILE, ModuleSettings, read_settings
from bot_config.problems import Problem
from bot_config.texts import problem
from bot_config.vonage import VonageCredentials, channel_warnings, read_credentials


@dataclass(frozen=True, slots=True)
class Account:
    """A bot's Vonage account and settings.

    `problems` give the reasons why there are no `credentials`, and are empty when there are; `warnings` are
    wrong settings that count as not given, a missing sender number (a campaign may bring its own), and a
    channel that Botpress itself would refuse.
    """

    bot: Bot
    settings: ModuleSettings
    credentials: VonageCredentials | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def read_account(bots: Bots, bot_id: str) -> Account:
    """Return the account of a bot, even a disabled one; cheap enough to call once a second for each campaign.

    Raises BotNotFound, BotConfigBroken and SourceUnavailable.
    """
    bot = bots.find(bot_id)
    settings, warnings = read_settings(bots, bot_id)
    read = read_credentials(bot, settings, bots.data_dir)
    if not settings.sender_number and not any(
        warning.code == "settings.senderNumber" for warning in warnings
    ):
        warnings.append(problem("settings.sender_missing", file=f"data/bots/{bot_id}/{FILE}"))
    warnings += channel_warnings(bot)
    if isinstance(read, VonageCredentials):
        return Account(bot, settings, read, (), tuple(warnings))
    return Account(bot, settings, None, tuple(read), tuple(warnings))
