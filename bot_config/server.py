"""Reads what botpress.config.json says about the tokens of one Botpress server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

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

    So do Botpress's own variables, such as BP_CONFIG_JWTTOKEN_USECOOKIESTORAGE, where we have them, too.

    The file's is `appSecret`, or `jwtSecret` in older versions. One that holds an unset variable counts as
    not known: its name is in a file that others may read. Raises BotConfigBroken and SourceUnavailable.
    """
    parsed = bots.files.read_filled(FILE) or Parsed({})
    config = parsed.value
    if not isinstance(config, dict):
        raise BotConfigBroken(problem("file.wrong_shape", file=f"data/{FILE}", expected=OBJECT))
    cookies = _value(bots.environ, config, "jwtToken", "useCookieStorage")
    names = ("appSecret", "jwtSecret")
    secrets = (app_secret, *(_value(bots.environ, config, name) for name in names))
    known = (secret for secret in secrets if isinstance(secret, str) and _is_set(secret, parsed.unset))
    return BotpressServer(next(known, None), str(cookies).strip().lower() in _YES)


def _value(environ: Mapping[str, str], config: dict[str, Any], *path: str) -> Any:
    """Return a value of the file, or the variable that overrides it in Botpress (config-loader.ts)."""
    override = environ.get("BP_CONFIG_" + "_".join(path).upper(), "").strip()
    if override:
        return override
    value: Any = config
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _is_set(secret: str, unset: frozenset[str]) -> bool:
    return bool(secret) and unset.isdisjoint(PLACEHOLDER.findall(secret))
