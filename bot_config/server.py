"""Reads what botpress.config.json says about the tokens of one Botpress server."""

from dataclasses import dataclass, field

from bot_config.bots import Bots
from bot_config.json_files import PLACEHOLDER, Parsed
from bot_config.problems import BotConfigBroken
from bot_config.texts import OBJECT, problem

FILE = "global/botpress.config.json"
_YES = {"1", "y", "yes", "true", "on"}


@dataclass(frozen=True, slots=True)
class BotpressServer:
    """How a server signs tokens (`app_secret`; None: not known), and if browsers send them as cookies."""

    app_secret: str | None = field(default=None, repr=False)
    uses_cookies: bool = False


def read_server(bots: Bots, app_secret: str | None = None) -> BotpressServer:
    """Return the server as it is configured now; a given `app_secret` takes precedence over the file's.

    The file's is `appSecret`, or `jwtSecret` in older versions. One that holds an unset variable counts as
    not known: its name is in a file that others may read. Raises BotConfigBroken and SourceUnavailable.
    """
    parsed = bots.files.read_filled(FILE) or Parsed({})
    config = parsed.value
    if not isinstance(config, dict):
        raise BotConfigBroken(problem("file.wrong_shape", file=f"data/{FILE}", expected=OBJECT))
    tokens = config.get("jwtToken")
    cookies = tokens.get("useCookieStorage") if isinstance(tokens, dict) else None
    secrets = (app_secret, config.get("appSecret"), config.get("jwtSecret"))
    known = (secret for secret in secrets if isinstance(secret, str) and _is_set(secret, parsed.unset))
    return BotpressServer(next(known, None), str(cookies).strip().lower() in _YES)


def _is_set(secret: str, unset: frozenset[str]) -> bool:
    return bool(secret) and unset.isdisjoint(PLACEHOLDER.findall(secret))
