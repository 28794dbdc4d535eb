"""The base of all refusals: what the product will not do, in words for the operator who asked."""

from enum import Enum, auto
from typing import ClassVar

from bot_config.words import Words


class RefusalKind(Enum):
    """What stands in the way of what was asked."""

    STATE = auto()
    """the state that something is in, which may change"""
    NOT_FOUND = auto()
    """what was asked about does not exist, or belongs to somebody else"""
    INVALID = auto()
    """a value in the question itself"""
    TOO_LARGE = auto()
    NOT_AUTHENTICATED = auto()
    NOT_ALLOWED = auto()
    UNAVAILABLE = auto()
    """something that is needed for an answer; the same question may be answered later"""


class Refusal(Exception):
    """Base of all refusals: `code` never changes, `words` are filled with `values` when they are shown."""

    code: str
    words: Words
    kind: ClassVar[RefusalKind] = RefusalKind.STATE

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
