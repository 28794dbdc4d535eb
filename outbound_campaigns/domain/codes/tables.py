"""A code with its class, and the three tables of codes, read from the CSV files of this folder."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files

from bot_config.words import LANGUAGES, Words


class CodeClass(StrEnum):
    """What a code says about sending again, and whom it concerns."""

    RETRY = "retry"
    """the message was held back, not tried: it is sent again by itself within minutes"""
    TEMPORARY = "temporary"
    """the cause passes, but the message may have arrived: only a deliberate act sends it again"""
    RETRY_LATER = "retry_later"
    """not before a day has passed"""
    RECIPIENT = "recipient"
    """this person can't be reached, now or later"""
    OPT_OUT = "opt_out"
    """as RECIPIENT, and the person wants no more messages"""
    CAMPAIGN = "campaign"
    """something about the campaign: other messages of it may fail the same way"""
    ACCOUNT = "account"
    """something about the account: other messages through it may fail the same way"""
    IN_DOUBT = "in_doubt"
    """the message may or may not have left"""
    UNKNOWN = "unknown"
    """in no table: treated as RECIPIENT, counted, and shown"""


class Fault(StrEnum):
    """Whether one message alone can have caused a code of the campaign or the account."""

    ROW = "row"
    """it can, by its number, country, variables or file: what others get decides whether to pause"""
    ALL = "all"
    """it can't: balance, credentials, sender, a template that is gone; the first one pauses"""


@dataclass(frozen=True, slots=True)
class Code:
    """Why a message failed, and what an operator can do about it; neither text has placeholders.

    `source` is where the code's meaning is documented; class and fault are our own conclusions from it.
    `retry_after` is how long after the failure another attempt makes sense; None if it makes none, or nothing
    is known. What has to be corrected first does not count: whoever retries has corrected it.
    """

    code: str
    code_class: CodeClass
    fault: Fault
    retry_after: timedelta | None
    reason: Words
    advice: Words
    source: str


def read_table(name: str) -> Mapping[str, Code]:
    """Return the table in `<name>.csv` beside this module, by code."""
    text = (files(__package__) / f"{name}.csv").read_text(encoding="utf-8")
    return {row["code"]: _code(row) for row in csv.DictReader(text.splitlines())}


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        row["code"],
        CodeClass(row["code_class"]),
        Fault(row["fault"]),
        timedelta(hours=float(row["retry_after"])) if row["retry_after"] else None,
        Words(*(row[f"reason_{language}"] for language in LANGUAGES)),
        Words(*(row[f"advice_{language}"] for language in LANGUAGES)),
        row["source"],
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
