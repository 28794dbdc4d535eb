"""Why a row of a file can't become a message: the codes of recipients who are skipped for it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class FlawCode(StrEnum):
    """What is wrong with a cell that the message uses; sentences stand in codes/answers.csv."""

    COLUMN_MISSING = "flaw_column_missing"
    EMPTY = "flaw_empty"
    NULL = "flaw_null"
    FORMULA = "flaw_formula"
    LINE_BREAK = "flaw_line_break"
    TAB = "flaw_tab"
    SPACES = "flaw_spaces"
    CONTROL = "flaw_control"
    UNREADABLE = "flaw_unreadable"
    TOO_LONG = "flaw_too_long"
    LINK = "flaw_link"
    WHOLE_ADDRESS = "flaw_whole_address"
    DEGREES = "flaw_degrees"
    TIME = "flaw_time"
    EXPIRED = "flaw_expired"


FLAW_CODES = frozenset(map(str, FlawCode))


class Flaw(NamedTuple):
    """A flaw of one row; `column` is where, as the file or the filling spells it."""

    code: FlawCode
    column: str | None


OF_PROBLEMS = {
    "slot_too_long": FlawCode.TOO_LONG,
    "whole_address": FlawCode.WHOLE_ADDRESS,
    "not_a_link": FlawCode.LINK,
    "not_degrees": FlawCode.DEGREES,
    "not_a_time": FlawCode.TIME,
    "offer_expired": FlawCode.EXPIRED,
    "unfit_value": FlawCode.LINE_BREAK,
}
"""the flaw of a row by the problem that a fixed text of the same kind would be"""
