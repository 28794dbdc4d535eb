"""Looks up the meaning of any code that a row may hold."""

from __future__ import annotations

import re
from dataclasses import replace

from bot_config.words import Words
from outbound_campaigns.domain.codes.tables import ANSWERS, META, VONAGE, Code, CodeClass, Fault
from outbound_campaigns.domain.flaws import FLAW_CODES

_OF_RECEIPTS = {**VONAGE, **META}
CODES = {**_OF_RECEIPTS, **ANSWERS}

# No standard defines statuses from 600 up; they count as 5xx, a server's failure.
_FAMILY = re.compile(r"http_(\d)\d\d", re.ASCII)
_LONGEST_SHOWN = 40
_IN_COLUMN = Words("Columna: «{column}».", "Column: {column}.")
_ODD = re.compile(r"[^\w .:#/-]")


def explain(code: str | int) -> Code:
    """Return the meaning of a code: its own row, else its family's, else one of the class unknown."""
    key = str(code).strip()
    if key in CODES:
        return CODES[key]
    family = _FAMILY.fullmatch(key)
    name = f"http_{min(family[1], '5')}xx" if family else ""
    if name in CODES:
        return replace(CODES[name], code=key)
    return _unknown(key)


def reason_of(code: str, detail: str | None, language: str) -> str:
    """Return why a recipient is as it is: its code's reason, and for a flaw the column where it is."""
    reason = explain(code).reason.text(language)
    if code in FLAW_CODES and detail:
        return f"{reason} {_IN_COLUMN.text(language, column=detail)}"
    return reason


def explain_receipt(code: str | int) -> Code:
    """Do the same for the code of a receipt: one that is called like an answer means nothing known."""
    key = str(code).strip()
    return _OF_RECEIPTS.get(key) or _unknown(key)


def _unknown(key: str) -> Code:
    shown = _ODD.sub("?", key[:_LONGEST_SHOWN])
    return Code(
        key,
        CodeClass.UNKNOWN,
        Fault.ROW,
        None,
        Words(f"Se recibió un código desconocido: «{shown}».", f"An unknown code was received: {shown}."),
        Words(
            "No se reintenta solo. Consulte el código con soporte de Vonage antes de reintentar.",
            "It is not retried by itself. Ask Vonage's support about the code before you retry.",
        ),
        source="",
    )
