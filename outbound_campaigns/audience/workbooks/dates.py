"""Shows a spreadsheet's dates and times, which it keeps as days since its beginning of time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from outbound_campaigns.audience.workbooks.conventions import DAYS, HALVES_OF_DAY, MONTHS, Conventions

_DAY = 86_400
_LAST = 2_958_466
"""days: the end of the year 9999"""

TOO_NARROW = "########"
"""what a spreadsheet shows where a number is no date"""


class Token(Protocol):
    @property
    def kind(self) -> str: ...

    @property
    def text(self) -> str: ...


def is_date(kinds: Collection[str]) -> bool:
    """Return whether a format's tokens are of these kinds because it shows a date, a time or a duration."""
    return "date" in kinds or "elapsed" in kinds


def shown_date(
    days: Decimal, tokens: Sequence[Token], language: str | None, conventions: Conventions, is_1904: bool
) -> str:
    """Return days as the format's tokens show them; its fractions of seconds are rounded away."""
    seconds = int((days * _DAY).quantize(Decimal(1), ROUND_HALF_UP))
    if not 0 <= seconds < _LAST * _DAY:
        return TOO_NARROW
    moment = _beginning(seconds, is_1904) + timedelta(seconds=seconds)
    language = language or conventions.language
    return "".join(_parts(moment, seconds, list(tokens), language)).strip()


def _beginning(seconds: int, is_1904: bool) -> datetime:
    if is_1904:
        return datetime(1904, 1, 1, tzinfo=UTC)
    # Spreadsheets have a 29 February 1900, as the first of them had: day 60.
    return datetime(1899, 12, 31, tzinfo=UTC) if seconds < 60 * _DAY else datetime(1899, 12, 30, tzinfo=UTC)


def _parts(moment: datetime, seconds: int, tokens: list[Token], language: str) -> Iterator[str]:
    has_halves = any(token.kind == "half" for token in tokens)
    for place, token in enumerate(tokens):
        text = token.text.lower()
        if token.kind == "date":
            is_minute = text[0] == "m" and _is_minute(tokens, place)
            yield _minute(moment, text) if is_minute else _part(moment, text, language, has_halves)
        elif token.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            yield str(seconds // unit).zfill(len(text))
        elif token.kind == "half":
            yield HALVES_OF_DAY[language][moment.hour >= 12]
        elif token.kind == "literal" or token.text in ("/", "."):
            yield token.text
        elif token.text == ",":
            yield ","
        elif token.kind == "digit":
            yield "0" if place and tokens[place - 1].text in (".", "0") else ""


def _is_minute(tokens: Sequence[Token], place: int) -> bool:
    """Return whether an m means minutes: it follows hours, or seconds follow it."""
    times = [
        token.text[0].lower() if at != place else ""
        for at, token in enumerate(tokens)
        if token.kind in ("date", "elapsed")
    ]
    at = times.index("")
    return times[at - 1 : at] == ["h"] or times[at + 1 : at + 2] == ["s"]


def _minute(moment: datetime, text: str) -> str:
    return str(moment.minute).zfill(min(len(text), 2))


def _part(moment: datetime, text: str, language: str, has_halves: bool) -> str:
    letter, length = text[0], len(text)
    if letter == "y":
        return f"{moment.year:04}" if length > 2 else f"{moment.year % 100:02}"
    if letter in "md" and length > 2:
        return _name(moment, letter, length, language)
    hour = (moment.hour - 1) % 12 + 1 if has_halves else moment.hour
    number = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return str(number).zfill(min(length, 2))


def _name(moment: datetime, letter: str, length: int, language: str) -> str:
    names = MONTHS if letter == "m" else DAYS
    place = moment.month - 1 if letter == "m" else moment.weekday()
    name = names[language].split()[place]
    if letter == "m" and length == 5:
        return name[0]
    return name[:3] if length == 3 else name
