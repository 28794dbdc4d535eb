"""Shows numbers as a spreadsheet's format shows them (ECMA-376 part 1, 18.8.30 and 18.8.31).

Two things are shown otherwise, since people upload numbers to be dialled: a whole number keeps all its
digits where a spreadsheet would write an exponent, and nothing is cut to a column's width.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import partial

from outbound_campaigns.audience.workbooks.conventions import Conventions
from outbound_campaigns.audience.workbooks.dates import is_date, shown_date

Show = Callable[[str], str]

_BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0',
    6: '"$"#,##0',
    7: '"$"#,##0.00',
    8: '"$"#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|[\\!](?P<escaped>.)"
    r"|_(?P<width>.)|\*(?P<fill>.)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General)"
    r"|(?P<half>AM/PM|A/P)"
    r"|(?P<exponent>E[+-]0+)"
    r"|(?P<date>y+|m+|d+|h+|s+)"
    r"|(?P<digit>[0#?])|(?P<sign>[.,%@/])"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?[\d.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_MOST_DIGITS = 15
"""digits that a spreadsheet keeps of a number"""

_TOO_LONG = Decimal(10) ** _MOST_DIGITS
_CONTEXT = Context(prec=100)
"""for formats with as many decimals as they may have, 30"""


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between two semicolons: `language` is that of its names, where it says one."""

    tokens: Sequence[Token]
    condition: tuple[str, Decimal] | None
    language: str | None


def built_in(number: int, conventions: Conventions) -> str:
    """Return the code of a format that workbooks name by number; those without a known code are General."""
    by_country = {14: conventions.short_date, 22: f"{conventions.short_date} h:mm"}
    return by_country.get(number) or _BUILT_IN.get(number, "General")


def show_with(code: str, conventions: Conventions, is_1904: bool = False) -> Show:
    """Return a function from a number as workbooks store it to the text that a person sees."""
    sections = [_section(part) for part in _split(code)]
    only = sections[0].tokens if len(sections) == 1 else ()
    if not code.strip() or [token.kind for token in only] == ["general"]:
        return partial(general, conventions=conventions)
    return partial(_shown, sections=sections, conventions=conventions, is_1904=is_1904)


def general(raw: str, conventions: Conventions) -> str:
    """Return a number with all its digits, and no more decimals than a spreadsheet shows."""
    if raw.isdecimal() and len(raw) <= _MOST_DIGITS:
        return raw
    value = float(raw)
    if value.is_integer():
        return f"{value:.0f}"
    text = f"{value:.11g}"
    if "e" in text:
        text = f"{Decimal(text):f}"
    return text.replace(".", conventions.decimal)


def _shown(raw: str, sections: Sequence[Section], conventions: Conventions, is_1904: bool) -> str:
    value = Decimal(repr(float(raw)))
    if abs(value) >= _TOO_LONG:
        return general(raw, conventions)
    section, is_signed = _chosen(sections, value)
    raw = raw if is_signed else raw.removeprefix("-")
    kinds = {token.kind for token in section.tokens}
    if is_date(kinds):
        return shown_date(value, section.tokens, section.language, conventions, is_1904)
    if "exponent" in kinds and value == value.to_integral_value():
        return general(raw, conventions)
    if kinds & {"general", "exponent"} or ("digit" in kinds and _is_fraction(section.tokens)):
        return _with_literals(general(raw, conventions), section.tokens)
    if "digit" not in kinds:
        is_text = any(token.text == "@" for token in section.tokens)
        return general(raw, conventions) if is_text else _literals(section.tokens)
    text = _digits(abs(value), section.tokens, conventions)
    return f"-{text}" if is_signed and value < 0 and re.search("[1-9]", text) else text


def _chosen(sections: Sequence[Section], value: Decimal) -> tuple[Section, bool]:
    """Return the section for a value, and whether the value's own sign stands before it."""
    conditional = [section for section in sections if section.condition]
    if conditional:
        fitting = (section for section in conditional if _holds(section.condition, value))
        others = [section for section in sections if not section.condition]
        return next(fitting, others[0] if others else sections[-1]), True
    numbers = sections[:3]
    if len(numbers) > 1 and value < 0:
        return numbers[1], False
    if len(numbers) > 2 and value == 0:
        return numbers[2], False
    return numbers[0], True


def _holds(condition: tuple[str, Decimal] | None, value: Decimal) -> bool:
    if condition is None:
        return False
    sign, limit = condition
    if sign == "<>":
        return value != limit
    return (
        ("=" in sign and value == limit) or ("<" in sign and value < limit) or (">" in sign and value > limit)
    )


def _split(code: str) -> list[str]:
    parts, begin = [], 0
    for match in TOKEN.finditer(code):
        if match["other"] == ";":
            parts.append(code[begin : match.start()])
            begin = match.end()
    return [*parts, code[begin:]]


def _section(code: str) -> Section:
    tokens: list[Token] = []
    condition = language = None
    for match in TOKEN.finditer(code):
        kind, text = str(match.lastgroup), match[str(match.lastgroup)] or ""
        if kind != "bracket":
            tokens.append(Token("literal" if kind in ("quoted", "escaped", "other") else kind, text))
        elif found := _CONDITION.fullmatch(text):
            condition = found[1], Decimal(found[2])
        elif _ELAPSED.fullmatch(text):
            tokens.append(Token("elapsed", text.lower()))
        elif text.startswith("$"):
            symbol, _, place = text[1:].partition("-")
            tokens.append(Token("literal", symbol))
            language = _language(place) or language
    return Section(tokens, condition, language)


def _language(place: str) -> str | None:
    """Return the language of a Windows locale, whose lowest byte names it."""
    try:
        return {0x09: "en", 0x0A: "es", 0x16: "pt"}.get(int(place, 16) & 0xFF)
    except ValueError:
        return None


def _is_fraction(tokens: Sequence[Token]) -> bool:
    return any(token.kind == "sign" and token.text == "/" for token in tokens)


def _with_literals(text: str, tokens: Sequence[Token]) -> str:
    places = [place for place, token in enumerate(tokens) if token.kind in ("general", "digit", "exponent")]
    before, after = tokens[: places[0]], tokens[places[-1] + 1 :]
    return _literals(before) + text + _literals(after)


def _literals(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens if token.kind == "literal")


def _digits(value: Decimal, tokens: Sequence[Token], conventions: Conventions) -> str:
    """Write a number into the places of its digits; what stands between them stays there."""
    point = next((place for place, token in enumerate(tokens) if token == Token("sign", ".")), len(tokens))
    whole, decimals = tokens[:point], tokens[point + 1 :]
    value *= 100 ** sum(token == Token("sign", "%") for token in tokens)
    value /= 1000 ** _thousands_left_out(tokens)
    places = sum(token.kind == "digit" for token in decimals)
    digits, _, fraction = (
        f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _CONTEXT):f}".partition(".")
    )
    grouped = conventions.thousands if _is_grouped(whole) else ""
    after = _fraction(fraction, decimals)
    sign = conventions.decimal if re.search(r"\d", after) or _ends_in_point(tokens, point, places) else ""
    return _whole(digits.lstrip("0"), whole, grouped) + sign + after


def _ends_in_point(tokens: Sequence[Token], point: int, places: int) -> bool:
    return point < len(tokens) and places == 0


def _thousands_left_out(tokens: Sequence[Token]) -> int:
    """Count the commas right after the last digit: each divides by a thousand."""
    last = max(place for place, token in enumerate(tokens) if token.kind == "digit")
    count = 0
    for token in tokens[last + 1 :]:
        if token != Token("sign", ","):
            break
        count += 1
    return count


def _is_grouped(tokens: Sequence[Token]) -> bool:
    places = [place for place, token in enumerate(tokens) if token.kind == "digit"]
    return any(token == Token("sign", ",") for token in tokens[places[0] : places[-1]]) if places else False


def _whole(digits: str, tokens: Sequence[Token], thousands: str) -> str:
    """Fill the places from the right; the first place takes all digits that are left."""
    first = next((place for place, token in enumerate(tokens) if token.kind == "digit"), None)
    left, written, found = digits, 0, ""
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        if token.kind != "digit":
            found = (token.text if token.kind == "literal" or token.text == "%" else "") + found
            continue
        taken = left if place == first else left[-1:]
        left = left[: len(left) - len(taken)]
        for digit in reversed(taken or _padding(token.text)):
            found = digit + (thousands if written and written % 3 == 0 else "") + found
            written += 1
    return found


def _fraction(digits: str, tokens: Sequence[Token]) -> str:
    found, place = "", 0
    for token in tokens:
        if token.kind == "digit":
            is_needed = token.text == "0" or digits[place:].strip("0")
            found += digits[place] if is_needed else _padding(token.text)
            place += 1
        elif token.kind == "literal" or token.text == "%":
            found += token.text
    return found


def _padding(place: str) -> str:
    return {"0": "0", "?": " "}.get(place, "")
