"""Reads all that sending for a bot needs to know, in one call."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot_config.botpress_channel import channel_warnings
from bot_config.bots import Bot, Bots
from bot_config.module_settings import FILE, ModuleSettings, read_settings
from bot_config.problems import Problem
from bot_config.texts import problem
from bot_config.vonage import VonageCredentials, read_credentials


@dataclass(frozen=True, slots=True)
class Account:
    """A bot's Vonage account and settings.

    `problems` give the reasons why there are no `credentials`, and are empty when there are; `sender_problem`
    says why there is no sender number, which a campaign may bring of its own; `warnings` are wrong settings
    that count as not given, and a channel that Botpress itself would not use.
    """

    bot: Bot
    settings: ModuleSettings
    credentials: VonageCredentials | None
    problems: tuple[Problem, ...]
    sender_problem: Problem | None
    warnings: tuple[Problem, ...]

    @property
    def obstacles(self) -> tuple[Problem, ...]:
        """Return all that keeps a campaign without a number of its own from being sent."""
        disabled = (problem("bot.disabled", bot=self.bot.id),) if self.bot.disabled else ()
        return (*self.problems, *((self.sender_problem,) if self.sender_problem else ()), *disabled)


def read_account(bots: Bots, bot_id: str) -> Account:
    """Return the account of a bot, even a disabled one; cheap enough to call once a second for each campaign.

    Raises BotNotFound, BotConfigBroken and SourceUnavailable.
    """
    bot = bots.find(bot_id)
    settings, warnings = read_settings(bots, bot_id)
    read = read_credentials(bot, settings, bots.data_dir)
    sender_problem = None if settings.sender_number else _sender_problem(bot_id, warnings)
    others = [*(one for one in warnings if one != sender_problem), *channel_warnings(bot)]
    if isinstance(read, VonageCredentials):
        return Account(bot, settings, read, (), sender_problem, tuple(others))
    return Account(bot, settings, None, tuple(read), sender_problem, tuple(others))


def _sender_problem(bot_id: str, problems: Iterable[Problem]) -> Problem:
    """Return why there is no sender number: the one that is given is wrong, or none is."""
    wrong = (one for one in problems if one.code == "settings.senderNumber")
    return next(wrong, problem("settings.sender_missing", file=f"data/bots/{bot_id}/{FILE}"))
