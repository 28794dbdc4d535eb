"""The base of all refusals: what the product will not do, in words for the operator who asked."""

from bot_config.words import Words


class Refusal(Exception):
    """Base of all refusals: `code` never changes, `words` are filled with `values` when they are shown."""

    code: str
    words: Words

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.text("en"))

    @property
    def botpress_message(self) -> str | None:
        """Return Botpress's own message for the same refusal; None where Botpress has none."""
        return None

    def text(self, language: str = "es") -> str:
        """Return the sentence in one of LANGUAGES."""
        return self.words.text(language, **self.values)
