"""Does somebody ask for no more messages? Only who writes one of the bot's words, and nothing else, does."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from outbound_campaigns.database.models import OptOutSource
from outbound_campaigns.vonage.reply_body import ReplyBody

STOP_PAYLOAD = "STOP_"
"""with it begins the payload of a button that opts out, whatever the button is called"""


def opt_out_of(body: ReplyBody, words: Iterable[str]) -> tuple[OptOutSource, str] | None:
    """Return how a message says that its writer wants no more of them, and by which word."""
    words = tuple(words)
    found = [word_of(text, words) for text in body.texts]
    found += [stop_of(payload, words) for payload in body.payloads]
    word = next(filter(None, found), None)
    return (OptOutSource.BUTTON if body.tapped else OptOutSource.WORD, word) if word else None


def word_of(text: str, words: Iterable[str]) -> str | None:
    """The word that the text is, but for case, accents, punctuation and spaces."""
    said = bare(text)
    return next((word for word in words if said and bare(word) == said), None)


def stop_of(payload: str, words: Iterable[str]) -> str | None:
    """The word that a button's payload is, or STOP_ where it begins so."""
    return STOP_PAYLOAD if payload.startswith(STOP_PAYLOAD) else word_of(payload, words)


def bare(text: str) -> str:
    """Letters and digits alone, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(str.isalnum, decomposed))
