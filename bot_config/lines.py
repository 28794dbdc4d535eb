"""Writes the lines that are missing in a bot's files, each into the file where it belongs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot_config.accounts import Account
from bot_config.botpress_channel import VERSION_1, has_path_for_key, missing_for_botpress
from bot_config.module_settings import FILE

_PEM = "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n"
_SAMPLES = {"privateKey": _PEM}
_NEW_CHANNEL = {
    "version": VERSION_1,
    "enabled": True,
    "apiKey": "…",
    "apiSecret": "…",
    "signatureSecret": "…",
}
# What our own settings lack, by the problem's code.
_OWN = {
    "settings.sender_missing": {"senderNumber": "5215550001111"},
    "vonage.application_id_missing": {"applicationId": "…"},
    "vonage.private_key_missing": {"privateKey": "private.key"},
}


@dataclass(frozen=True, slots=True)
class MissingLines:
    """JSON to be merged into a file."""

    file: str
    text: str


def missing_lines(account: Account) -> list[MissingLines]:
    """Return what to add to the bot's files so that it can send, and Botpress can use its channel.

    In a channel with "version": "1.0.0" only keys are added that Botpress takes there.
    """
    codes = {one.code for one in account.obstacles}
    added = [_channel_lines(account, codes), _own_lines(account, codes)]
    return [lines for lines in added if lines is not None]


def _channel_lines(account: Account, codes: Iterable[str]) -> MissingLines | None:
    bot = account.bot
    lines: dict[str, Any] = {}
    if bot.channel is None:
        lines = dict(_NEW_CHANNEL)
    else:
        if "vonage.disabled" in codes:
            lines["enabled"] = True
        wanted = [*missing_for_botpress(bot), *(["privateKey"] if has_path_for_key(bot) else [])]
        lines |= {key: _SAMPLES.get(key, "…") for key in wanted}
    if not lines:
        return None
    return MissingLines(bot.channel_file, _json({"messaging": {"channels": {"vonage": lines}}}))


def _own_lines(account: Account, codes: Iterable[str]) -> MissingLines | None:
    lines = {key: value for code in codes for key, value in _OWN.get(code, {}).items()}
    if not lines:
        return None
    return MissingLines(f"data/bots/{account.bot.id}/{FILE}", _json(dict(sorted(lines.items()))))


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
