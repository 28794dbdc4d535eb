"""A code with its class, and the three tables of codes, read from the CSV files of this folder."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from bot_config.words import LANGUAGES, Words


class CodeClass(StrEnum):
    """What a code says about sending again, and whom it concerns."""

    RETRY = "retry"
    """it passes by itself within minutes"""
    RETRY_LATER = "retry_later"
    """not before a day has passed"""
    RECIPIENT = "recipient"
    """this person can't be reached, now or later"""
    OPT_OUT = "opt_out"
    """as RECIPIENT, and the person wants no more messages"""
    CAMPAIGN = "campaign"
    """every message of the campaign would fail the same way"""
    ACCOUNT = "account"
    """every message of the account would fail the same way"""
    IN_DOUBT = "in_doubt"
    """the message may or may not have left"""
    UNKNOWN = "unknown"
    """in no table: treated as RECIPIENT, counted, and shown"""


@dataclass(frozen=True, slots=True)
class Code:
    """Why a message failed, and what an operator can do about it; neither text has placeholders."""

    code: str
    code_class: CodeClass
    reason: Words
    advice: Words


def read_table(name: str) -> Mapping[str, Code]:
    """Return the table in `<name>.csv` beside this module, by code."""
    text = (files(__package__) / f"{name}.csv").read_text(encoding="utf-8")
    return {row["code"]: _code(row) for row in csv.DictReader(text.splitlines())}


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        row["code"],
        CodeClass(row["code_class"]),
        Words(*(row[f"reason_{language}"] for language in LANGUAGES)),
        Words(*(row[f"advice_{language}"] for language in LANGUAGES)),
    )


ANSWERS = read_table("answers")
"""our own codes for how one request ended, as an attempt stores it; http_4xx and http_5xx stand for every
such status that has no row of its own"""

META = read_table("meta")
"""WhatsApp's codes, which Vonage's reports pass on (WhatsApp Cloud API, "Error codes")"""

VONAGE = read_table("vonage")
"""the codes of Vonage's receipts and reports (Messages API, "Error codes"); the classes are ours"""

NOT_FOUND = "not_found_at_vonage"
"""the code of a row in doubt whose message is not in Vonage's own records"""
