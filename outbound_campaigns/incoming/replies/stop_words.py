"""Recognises opt-out replies: a text counts only if it is exactly one of the bot's opt-out words."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from outbound_campaigns.database.models import OptOutSource
from outbound_campaigns.vonage.reply_body import ReplyBody

STOP_PAYLOAD = "STOP_"
"""prefix of the payload of a button that opts out, whatever its label"""


def opt_out_of(body: ReplyBody, words: Iterable[str]) -> tuple[OptOutSource, str] | None:
    """Return how (button or text) and by which word a message asks for no more; None if it does not."""
    words = tuple(words)
    found = [word_of(text, words) for text in body.texts]
    found += [stop_of(payload, words) for payload in body.payloads]
    word = next(filter(None, found), None)
    return (OptOutSource.BUTTON if body.tapped else OptOutSource.WORD, word) if word else None


def word_of(text: str, words: Iterable[str]) -> str | None:
    """Return the word that equals the text, ignoring case, accents, punctuation and spaces."""
    said = bare(text)
    return next((word for word in words if said and bare(word) == said), None)


def stop_of(payload: str, words: Iterable[str]) -> str | None:
    """Return the word that equals a button's payload, or STOP_ where the payload begins with it."""
    return STOP_PAYLOAD if payload.startswith(STOP_PAYLOAD) else word_of(payload, words)


def bare(text: str) -> str:
    """Return the letters and digits alone, without case and accents."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(filter(str.isalnum, decomposed))
