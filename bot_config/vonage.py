"""Reads the vonage channel, in both versions that Botpress knows, as credentials for Vonage's API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from bot_config.bots import Bot
from bot_config.json_files import PLACEHOLDER
from bot_config.keys import private_key
from bot_config.module_settings import ModuleSettings
from bot_config.problems import KeyRefused, Problem
from bot_config.texts import problem

_FLAGS = {"true": True, "false": False}
# The problem without an apiSecret, by which of (applicationId, privateKey) are given.
_NO_AUTHORIZATION = {
    (True, False): "vonage.private_key_missing",
    (False, True): "vonage.application_id_missing",
    (False, False): "vonage.no_authorization",
}


@dataclass(frozen=True, slots=True)
class VonageCredentials:
    """The account that sends, and how it authorizes: by token with an application and its key, else by Basic.

    `api_key` names the account; `private_key` is PKCS#8 PEM text; `signature_secret` checks Vonage's
    webhooks; `sandbox` asks for Vonage's Messages sandbox.
    """

    api_key: str
    api_secret: str | None = field(repr=False)
    application_id: str | None
    private_key: str | None = field(repr=False)
    signature_secret: str | None = field(repr=False)
    sandbox: bool

    @property
    def fingerprint(self) -> str:
        """Return what tells these credentials from others of the account; too short to give them away."""
        parts = [self.api_secret or "", self.application_id or "", self.private_key or ""]
        # The sandbox is a service of its own, with limits and faults of its own.
        parts += ["sandbox"] if self.sandbox else []
        return blake2b("\0".join(parts).encode(), digest_size=4).hexdigest()

    @property
    def uses_token(self) -> bool:
        """Return whether a JWT authorizes the requests (else HTTP Basic with the api_secret)."""
        return self.application_id is not None and self.private_key is not None


def read_credentials(bot: Bot, settings: ModuleSettings, data_dir: Path) -> VonageCredentials | list[Problem]:
    """Return the credentials in the bot's channel, or all that is missing or wrong in it.

    applicationId and privateKey of `settings` take precedence over those of the channel, which can't have
    them with "version": "1.0.0". If only one of the two is given beside an apiSecret, it is not used. The key
    is read only when no other value is wrong, since its path may be one of them.
    """
    if bot.channel is None:
        return [problem("vonage.channel_missing", file=bot.channel_file)]
    channel = _Channel(bot, bot.channel)
    if not channel.flag("enabled", default=True):
        return [*channel.problems, problem("vonage.disabled", file=bot.channel_file)]
    api_key = channel.text("apiKey")
    api_secret = channel.text("apiSecret")
    application_id = settings.application_id or channel.text("applicationId")
    key_value = settings.private_key or channel.text("privateKey")
    signature_secret = channel.text("signatureSecret")
    sandbox = channel.flag("useTestingApi", default=False)
    pair = (application_id, key_value)
    key = channel.key(key_value, data_dir) if key_value and all(pair) and not channel.problems else None
    problems = [*channel.problems, *_missing(bot.channel_file, api_key, api_secret, pair)]
    if problems or api_key is None:
        return problems
    return VonageCredentials(
        api_key, api_secret, application_id if key else None, key, signature_secret, sandbox
    )


@dataclass(frozen=True, slots=True)
class Signer:
    """The account that signs a bot's webhooks, and its secret."""

    api_key: str
    secret: str = field(repr=False)


def read_signer(bot: Bot) -> Signer | None:
    """Return who signs the bot's webhooks; None where the channel does not say so.

    It needs nothing but the channel: who answers a message must be heard, whatever is wrong elsewhere.
    """
    channel = _Channel(bot, bot.channel or {})
    api_key, secret = channel.text("apiKey"), channel.text("signatureSecret")
    if api_key is None or secret is None or channel.problems:
        return None
    return Signer(api_key, secret)


def masked(api_key: str) -> str:
    """Return the end of an account's key, by which who knows the key recognises it."""
    return f"…{api_key[-4:]}" if len(api_key) >= 8 else "…"


class _Channel:
    """Reads the channel's values and collects the problems with them.

    A refused text is returned all the same, so that it is not reported as missing too.
    """

    def __init__(self, bot: Bot, values: Mapping[str, object]) -> None:
        self._bot = bot
        self._values = values
        self.problems: list[Problem] = []

    def text(self, key: str) -> str | None:
        """Return the text without blanks around it; None when missing or empty."""
        value = self._values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self._refuse("vonage.not_text", key)
        elif unset := self._unset_in(value):
            self._refuse("vonage.unset_variable", key, names=unset)
        return str(value).strip() or None

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false, even if written in quotes, as a variable in quotes gives it."""
        value = self._values.get(key, default)
        known = _FLAGS.get(str(value).strip().lower())
        if known is None and value is not None:
            unset = self._unset_in(str(value))
            self._refuse("vonage.unset_variable" if unset else "vonage.not_flag", key, names=unset)
        return default if known is None else known

    def key(self, value: str, data_dir: Path) -> str | None:
        """Return the private key that `value` holds or names; None when it was refused."""
        try:
            # A variable's value must not be shown, not even as a part of a path.
            return private_key(value, data_dir, self._bot.id, may_show=not self._bot.has_variables)
        except KeyRefused as error:
            self.problems.append(error.problem)
            return None

    def _unset_in(self, value: str) -> str:
        return ", ".join(sorted(self._bot.unset_variables.intersection(PLACEHOLDER.findall(value))))

    def _refuse(self, code: str, key: str, **values: str) -> None:
        self.problems.append(problem(code, key=key, file=self._bot.channel_file, **values))


def _missing(
    file: str, api_key: str | None, api_secret: str | None, pair: tuple[str | None, str | None]
) -> list[Problem]:
    codes = [] if api_key else ["vonage.api_key_missing"]
    given = (bool(pair[0]), bool(pair[1]))
    if not api_secret and not all(given):
        codes.append(_NO_AUTHORIZATION[given])
    return [problem(code, file=file) for code in codes]
