"""A sentence for an operator, in Spanish and English."""

from dataclasses import dataclass

LANGUAGES = ("es", "en")


@dataclass(frozen=True, slots=True)
class Words:
    """The same sentence in both languages, with `{named}` places for values."""

    es: str
    en: str

    def text(self, language: str = "es", **values: object) -> str:
        """The sentence in a language of LANGUAGES (another is taken as "es"), its places filled."""
        return (self.en if language == "en" else self.es).format(**values)
