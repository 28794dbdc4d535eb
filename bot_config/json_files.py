"""Reads Botpress's JSON files: `%NAME%` is filled in from the environment, and a text is parsed only once."""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from bot_config.problems import BotConfigBroken, Problem
from bot_config.sources import Source
from bot_config.texts import problem

PLACEHOLDER = re.compile(r"%([a-zA-Z0-9_]+)%")
_NOT_JSON = (ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's value; where a variable is not set, it still has `%NAME%`, and NAME is in `unset`."""

    value: object
    unset: frozenset[str] = frozenset()
    has_variables: bool = False


class JsonFiles:
    """The parsed files of a source; those of bots get other variables than the server's own."""

    def __init__(self, source: Source, variables: Mapping[str, str], of_bots: Mapping[str, str]) -> None:
        self._source = source
        self._variables = variables
        self._of_bots = of_bots
        self._kept: dict[tuple[str, bool], tuple[str, Parsed]] = {}

    def read(self, path: str) -> object | None:
        """Return a file's value as written, or None. Raises BotConfigBroken and what Source.read raises."""
        found = self._found(path, filled=False)
        return found and found.value

    def read_filled(self, path: str) -> Parsed | None:
        """Read as `read` does, with variables filled in as Botpress does in its own and in bots' files."""
        return self._found(path, filled=True)

    def _found(self, path: str, *, filled: bool) -> Parsed | None:
        text = self._source.read(path)
        if text is None:
            return None
        kept = self._kept.get((path, filled))
        if kept is None or kept[0] != text:
            kept = self._kept[path, filled] = (text, self._parsed(path, text, filled))
        return kept[1]

    def _parsed(self, path: str, text: str, filled: bool) -> Parsed:
        if not filled:
            return Parsed(parse(f"data/{path}", text))
        variables = self._of_bots if path.startswith("bots/") else self._variables
        return parse_filled(f"data/{path}", text, variables)


def parse(file: str, text: str) -> object:
    """Return the JSON value of a file's text.

    Raises BotConfigBroken, which names the file, line and column, and shows no content.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        broken = problem("file.broken_json", file=file, line=error.lineno, column=error.colno)
    except _NOT_JSON:
        broken = problem("file.odd_json", file=file)
    # Raised here, so that the error does not carry the text along.
    raise BotConfigBroken(broken)


def parse_filled(file: str, text: str, variables: Mapping[str, str]) -> Parsed:
    """Parse a file's text after Botpress's substitution on the raw text.

    As in Botpress 12.31, `"$isProduction"` and `"$isDevelopment"` (with their quotes) become true or false,
    then `%NAME%` becomes the variable's value, or that of a JSON string without its quotes. Where that would
    break the JSON, as a PEM key with real line breaks does, values are written as the inside of a JSON
    string. Unlike Botpress, which leaves "undefined" for a variable that is not set, `%NAME%` stays; and a
    value is inserted as it is where JavaScript would rewrite it (`1e5`, `$$`). Raises BotConfigBroken.
    """
    flagged = _with_flags(text, variables)
    names = set(PLACEHOLDER.findall(flagged))
    unset = frozenset(names - variables.keys())
    for inserted in (_as_botpress_inserts, _as_string_content):
        with suppress(*_NOT_JSON):
            return Parsed(json.loads(_filled(flagged, variables, inserted)), unset, bool(names))
    raise BotConfigBroken(_why_broken(file, text, names, unset))


def _with_flags(text: str, variables: Mapping[str, str]) -> str:
    production = any(
        variables.get(name, "").strip().lower() in {"1", "y", "yes", "true", "on"}
        for name in ("BP_PRODUCTION", "CLUSTER_ENABLED")
    )
    yes, no = ("true", "false") if production else ("false", "true")
    return text.replace('"$isProduction"', yes).replace('"$isDevelopment"', no)


def _filled(text: str, variables: Mapping[str, str], inserted: Callable[[str], str]) -> str:
    def fill(place: re.Match[str]) -> str:
        value = variables.get(place[1])
        return place[0] if value is None else inserted(value)

    return PLACEHOLDER.sub(fill, text)


def _as_botpress_inserts(value: str) -> str:
    parsed = _parsed(value)
    return parsed if isinstance(parsed, str) else value


def _as_string_content(value: str) -> str:
    """Return what fits inside a JSON string; lists and objects stay, for places without quotes."""
    if isinstance(_parsed(value), list | dict):
        return value
    content = _as_botpress_inserts(value)
    return content if _parsed(f'"{content}"') is not None else json.dumps(content)[1:-1]


def _parsed(text: str) -> object | None:
    try:
        value: object = json.loads(text)
    except _NOT_JSON:
        return None
    return value


def _why_broken(file: str, text: str, names: set[str], unset: frozenset[str]) -> Problem:
    # Digits are valid with and without quotes; with the same length, an error has its position in the file.
    try:
        parse(file, PLACEHOLDER.sub(lambda place: "1" * len(place[0]), text))
    except BotConfigBroken as error:
        return error.problem
    if unset:
        return problem("file.unset_variables", file=file, names=", ".join(sorted(unset)))
    return problem("file.variable_breaks_json", file=file, names=", ".join(sorted(names)))
