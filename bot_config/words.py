"""Sentences for an operator, in Spanish and English."""

from dataclasses import dataclass

LANGUAGES = ("es", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in both languages, with `{named}` placeholders for values."""

    es: str
    en: str

    def text(self, language: str = "es", **values: object) -> str:
        """Return the sentence in "es" or "en" (any other counts as "es"), with its placeholders filled."""
        return (self.en if language == "en" else self.es).format(**values)
