"""Sentences about fields whose value can't be used; the language is chosen when they are answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError

from bot_config.words import Words


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with the values for their places: a marshmallow message that is not plain text."""

    words: Words
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str) -> str:
        return self.words.text(language, **self.values)


def _say(es: str, en: str) -> Any:
    # marshmallow's types only allow text as a message, but it passes others on unchanged.
    return Sentence(Words(es, en))


REQUIRED = _say("Falta este dato.", "This is required.")
UNKNOWN = _say("No existe un dato con este nombre.", "There is no field of this name.")
NULL = _say("No puede ser null.", "It can't be null.")
NO_OBJECT = _say("Se espera un objeto JSON.", "A JSON object is expected.")
NO_TEXT = _say("Se espera un texto entre comillas.", "A text in quotes is expected.")
NO_NUMBER = _say("Se espera un número.", "A number is expected.")
NOT_WHOLE = _say("Se espera un número entero.", "A whole number is expected.")
NOT_PRINTABLE = _say(
    "Contiene caracteres de control, o solo espacios.", "It holds control characters, or only spaces."
)
TOO_DEEP = _say("Tiene demasiados niveles.", "It is nested too deeply.")
NOT_STORABLE = _say(
    "Contiene un número o un carácter que JSON no admite.",
    "It holds a number or a character that JSON does not take.",
)

OUT_OF_RANGE = Words("Se espera un valor de {low} a {high}.", "A value from {low} to {high} is expected.")
WRONG_LENGTH = Words(
    "Se esperan de {low} a {high} caracteres.", "From {low} to {high} characters are expected."
)
NOT_A_CHOICE = Words("Se espera uno de estos: {choices}.", "One of these is expected: {choices}.")
WRONG_FORM = Words("Se espera algo como {example}.", "Something like {example} is expected.")

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
    if isinstance(messages, Sentence):
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
