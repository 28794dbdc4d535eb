"""Does somebody ask for no more messages? Only who writes one of the bot's words, and nothing else, does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

STOP = "STOP_"
"""with it begins the payload of a button that opts out, whatever the button is called"""


def word_of(text: str, words: Iterable[str]) -> str | None:
    """The word that the text is, but for case, accents, punctuation and spaces."""
    said = bare(text)
    return next((word for word in words if said and bare(word) == said), None)


def stop_of(payload: str, words: Iterable[str]) -> str | None:
    """The word that a button's payload is, or STOP_ where it begins so."""
    return STOP if payload.startswith(STOP) else word_of(payload, words)


def bare(text: str) -> str:
    """Letters and digits alone, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(str.isalnum, decomposed))
