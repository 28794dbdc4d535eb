"""Marshmallow's messages as sentences, whose language is chosen when they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from bot_config.words import Sentence, Words
from outbound_campaigns.web.api.texts import (
    NO_NUMBER,
    NO_OBJECT,
    NO_TEXT,
    NOT_STORABLE,
    NULL,
    REQUIRED,
    UNKNOWN,
)

# marshmallow's types only allow text as a message, but it passes others on unchanged.
SHAPE_MESSAGES: dict[str, Any] = {"unknown": UNKNOWN, "type": NO_OBJECT}
MESSAGES: dict[str, Any] = {
    "required": [REQUIRED],
    "null": [NULL],
    "invalid": [NO_TEXT],
    "invalid_utf8": [NOT_STORABLE],
}
NUMBER_MESSAGES: dict[str, Any] = {
    **MESSAGES,
    "invalid": [NO_NUMBER],
    "too_large": [NO_NUMBER],
    "special": [NO_NUMBER],
}


def said(messages: Any, language: str) -> Any:
    """Return marshmallow's tree of messages, with its sentences in a language."""
    if isinstance(messages, Words | Sentence):
        return messages.text(language)
    if isinstance(messages, Mapping):
        return {_storable(str(name)): said(item, language) for name, item in messages.items()}
    if isinstance(messages, list):
        return [said(item, language) for item in messages]
    return str(messages)


def _storable(name: str) -> str:
    """Return a client's own name for a field, cut short, without the half characters that it may hold."""
    return name.encode(errors="replace").decode()[:100]


def refused(words: Words, **values: Any) -> ValidationError:
    """Return marshmallow's refusal of a value, with a sentence."""
    sentences: list[Any] = [Sentence(words, values)]
    return ValidationError(sentences)
