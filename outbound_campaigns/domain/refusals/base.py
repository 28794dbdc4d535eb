"""The base of all refusals: what the product will not do, in words for the operator who asked."""

from typing import ClassVar

from outbound_campaigns.domain.words import Words


class Refusal(Exception):
    """Base of all refusals; `code` is stable, the words are chosen when shown."""

    code: ClassVar[str]
    words: ClassVar[Words]

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.text("en"))

    @property
    def botpress_message(self) -> str | None:
        """What Botpress itself says when it refuses the same; None where it knows nothing of it."""
        return None

    def text(self, language: str = "es") -> str:
        return self.words.text(language, **self.values)
