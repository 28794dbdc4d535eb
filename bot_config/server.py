"""What botpress.config.json says about the tokens of one Botpress server."""

from dataclasses import dataclass, field

from bot_config.bots import Bots
from bot_config.json_files import PLACEHOLDER, Parsed
from bot_config.problems import BotConfigBroken
from bot_config.texts import problem

FILE = "global/botpress.config.json"
_YES = {"1", "y", "yes", "true", "on"}


@dataclass(frozen=True, slots=True)
class BotpressServer:
    """`app_secret` signs every token (None: not known); `uses_cookies` says how browsers carry them."""

    app_secret: str | None = field(default=None, repr=False)
    uses_cookies: bool = False


def read_server(bots: Bots, app_secret: str | None = None) -> BotpressServer:
    """The server as its configuration stands now; an `app_secret` given goes before the file's.

    The file's is `appSecret`, or `jwtSecret` of older versions; one with a variable that is not set is not
    known: its name stands in a file that others may read. Raises BotConfigBroken and SourceUnavailable.
    """
    parsed = bots.files.read_filled(FILE) or Parsed({})
    config = parsed.value
    if not isinstance(config, dict):
        expected = {"expected_es": "un objeto {...}", "expected_en": "an object {...}"}
        raise BotConfigBroken(problem("file.wrong_shape", file=f"data/{FILE}", **expected))
    tokens = config.get("jwtToken")
    cookies = tokens.get("useCookieStorage") if isinstance(tokens, dict) else None
    secrets = (app_secret, config.get("appSecret"), config.get("jwtSecret"))
    known = (secret for secret in secrets if isinstance(secret, str) and _is_set(secret, parsed.unset))
    return BotpressServer(next(known, None), str(cookies).strip().lower() in _YES)


def _is_set(secret: str, unset: frozenset[str]) -> bool:
    return bool(secret) and unset.isdisjoint(PLACEHOLDER.findall(secret))
