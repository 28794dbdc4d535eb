"""Reads this module's own settings for a bot, stored by Botpress's convention for modules."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import phonenumbers

from bot_config.bots import Bots
from bot_config.prices import PriceTable, Unfit, read_prices
from bot_config.problems import BotConfigBroken, Problem
from bot_config.texts import OBJECT, problem

FILE = "config/outbound-campaigns.json"
ENVIRONMENT = "BP_MODULE_OUTBOUND_CAMPAIGNS_"
FASTEST = 10_000
OPT_OUT_WORDS = ("BAJA", "STOP", "ALTO", "CANCELAR", "NO MOLESTAR", "PARAR", "UNSUBSCRIBE")
MOST_WORDS, LONGEST_WORD = 100, 60
LONGEST_REPLY = 365
LONGEST_HOURS, LONGEST_MINUTES, DEAREST = 720, 10_080, 100


@dataclass(frozen=True, slots=True)
class ModuleSettings:
    """The settings that an administrator makes beside the channel; `private_key` is a path or PEM text."""

    sender_number: str | None = None
    messages_per_second: float = 20
    default_country: str = "MX"
    mexico_mobile_prefix: bool = True
    application_id: str | None = None
    private_key: str | None = field(default=None, repr=False)
    waba_id: str | None = None
    opt_out_words: tuple[str, ...] = OPT_OUT_WORDS
    """a person who writes one of them gets no more messages"""
    reply_days: float = 7
    """for this many days after a message, what its recipient writes is taken for a reply to it"""
    reconcile_every_hours: float | None = None
    """how often Vonage's records are asked automatically about rows in doubt; none means never"""
    not_found_after_minutes: float = 60
    """after this long, a message in doubt that is not in Vonage's records counts as not found"""
    without_receipt_after_hours: float = 24
    """after this long, a sent message without a receipt may be asked about"""
    report_record_price: float | None = None
    """what Vonage charges for each of its records, in the account's currency"""
    check_media_links: bool = False
    """whether links of pictures, videos and documents are looked at before a message is sent"""
    prices: PriceTable | None = None


class FoundValue(NamedTuple):
    """A value as it was found, and the file that it was found in."""

    value: object
    file: str


class Option(NamedTuple):
    """A setting: the field that holds it, and its reader, which returns None for an invalid value.

    A reader of a large value raises Unfit with the part that is invalid.
    """

    field: str
    read: Callable[[object], object | None]


def _sender(value: object) -> str | None:
    digits = re.sub(r"[+ -]", "", _written(value))
    return digits if re.fullmatch(r"[0-9]{7,15}", digits) else None


def _between(low: float, high: float) -> Callable[[object], float | None]:
    """Return a reader of numbers above `low` and up to `high`."""

    def read(value: object) -> float | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        return value if low < value <= high else None

    return read


def _country(value: object) -> str | None:
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _digits(value: object) -> str | None:
    text = _written(value).strip()
    return text if re.fullmatch(r"[0-9]{1,32}", text) else None


def _words(value: object) -> tuple[str, ...] | None:
    """Return texts that can be compared by their letters and digits; an empty list turns the words off."""
    if not isinstance(value, list) or len(value) > MOST_WORDS:
        return None
    fitting = [word.strip() for word in value if _is_word(word)]
    return tuple(fitting) if len(fitting) == len(value) else None


def _is_word(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_WORD and any(map(str.isalnum, value))


def _written(value: object) -> str:
    """Return an id or a number as text: it may have no quotes, as when it comes from the environment."""
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""


# A new setting needs a line here, a field above, and a sentence in texts.py ("settings.<option>").
OPTIONS: dict[str, Option] = {
    "senderNumber": Option("sender_number", _sender),
    "messagesPerSecond": Option("messages_per_second", _between(0, FASTEST)),
    "defaultCountry": Option("default_country", _country),
    "mexicoMobilePrefix": Option("mexico_mobile_prefix", _flag),
    "applicationId": Option("application_id", _text),
    "privateKey": Option("private_key", _text),
    "wabaId": Option("waba_id", _digits),
    "optOutWords": Option("opt_out_words", _words),
    "replyDays": Option("reply_days", _between(0, LONGEST_REPLY)),
    "reconcileEveryHours": Option("reconcile_every_hours", _between(0, LONGEST_HOURS)),
    "notFoundAfterMinutes": Option("not_found_after_minutes", _between(0, LONGEST_MINUTES)),
    "withoutReceiptAfterHours": Option("without_receipt_after_hours", _between(0, LONGEST_HOURS)),
    "reportRecordPrice": Option("report_record_price", _between(0, DEAREST)),
    "checkMediaLinks": Option("check_media_links", _flag),
    "prices": Option("prices", read_prices),
}


def read_settings(bots: Bots, bot_id: str) -> tuple[ModuleSettings, list[Problem]]:
    """Return the settings of a bot found by `bots.find`, and a problem for each invalid value.

    The order, each option by itself, is data/global/config/outbound-campaigns.json < environment
    BP_MODULE_OUTBOUND_CAMPAIGNS_<OPTION> < data/bots/<id>/config/outbound-campaigns.json. An invalid value
    counts as not given; null and "" count as the default; unknown options are ignored. Raises BotConfigBroken
    for a file that is not a JSON object, and SourceUnavailable.
    """
    given = {
        **_in_file(bots, f"global/{FILE}"),
        **dict(_in_environment(bots.environ)),
        **_in_file(bots, f"bots/{bot_id}/{FILE}"),
    }
    fitting: dict[str, Any] = {}
    problems: list[Problem] = []
    for option, (value, file) in given.items():
        if option not in OPTIONS or value in (None, ""):
            continue
        try:
            fitted = OPTIONS[option].read(value)
        except Unfit as unfit:
            fitted, value = None, unfit.part
        if fitted is None:
            problems.append(problem(f"settings.{option}", file=file, value=_quoted(value)))
        else:
            fitting[OPTIONS[option].field] = fitted
    return ModuleSettings(**fitting), problems


def _in_file(bots: Bots, path: str) -> dict[str, FoundValue]:
    values = bots.files.read(path)
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise BotConfigBroken(problem("file.wrong_shape", file=f"data/{path}", expected=OBJECT))
    return {option: FoundValue(value, f"data/{path}") for option, value in values.items()}


def _in_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, FoundValue]]:
    for option in OPTIONS:
        name = ENVIRONMENT + re.sub(r"[^A-Z0-9_]+", "_", option.upper())
        if text := environ.get(name, "").strip():
            yield option, FoundValue(_json_or_text(text), name)


def _json_or_text(text: str) -> object:
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def _quoted(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:40]}…"
