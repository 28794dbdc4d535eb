"""Recognises opt-out replies: a text counts only if it is exactly one of the words, a tap also by label."""

from __future__ import annotations

from collections.abc import Iterable

from outbound_campaigns.database.models import OptOutSource
from outbound_campaigns.domain.spelling import bare
from outbound_campaigns.vonage.reply_body import ReplyBody

STOP_PAYLOAD = "STOP_"
"""prefix of the payload of a button that opts out, whatever its label"""


STOP_LABELS = (
    "Stop promotions",
    "Detener promociones",
    "Darme de baja",
    "Darse de baja",
    "Dejar de recibir promociones",
    "Cancelar suscripción",
    "Unsubscribe",
    "Unsubscribe from promos",
    "Unsubscribe from all",
    "Opt out",
)
"""labels of buttons that opt out, WhatsApp's own among them; a tap on one counts whatever words a bot has"""


def opt_out_of(body: ReplyBody, words: Iterable[str]) -> tuple[OptOutSource, str] | None:
    """Return how (button or text) and by which word a message asks for no more; None if it does not."""
    words = (*words, *STOP_LABELS) if body.tapped else tuple(words)
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
