"""Sentences for an operator, in Spanish and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Protocol, runtime_checkable

LANGUAGES = ("es", "en")
"""the languages that sentences are in; the first is taken where another is asked for"""


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in every language, with `{named}` placeholders for values."""

    es: str
    en: str

    @property
    def places(self) -> frozenset[str]:
        """Return the names of the placeholders, in whichever language they appear."""
        sentences = (getattr(self, language) for language in LANGUAGES)
        return frozenset(name for one in sentences for _, name, _, _ in Formatter().parse(one) if name)

    def text(self, language: str = "es", **values: object) -> str:
        """Return the sentence in one of LANGUAGES, with its placeholders filled.

        A value that has a text of its own, or a tuple of such, appears in the same language.
        """
        chosen: str = getattr(self, language if language in LANGUAGES else LANGUAGES[0])
        return chosen.format(**{name: _shown(value, language) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with the values for their placeholders."""

    words: Words
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = "es") -> str:
        """Return the sentence in one of LANGUAGES."""
        return self.words.text(language, **self.values)


@runtime_checkable
class HasText(Protocol):
    """Anything that says something to an operator in either language."""

    def text(self, language: str = "es") -> str: ...


def _shown(value: object, language: str) -> object:
    if isinstance(value, HasText):
        return value.text(language)
    if isinstance(value, tuple):
        return " ".join(str(_shown(one, language)) for one in value)
    return value
