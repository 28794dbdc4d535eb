"""Problems in Botpress's files, in words for the operator who has to fix them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot_config.refusal import Refusal
from bot_config.words import Words


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to fix: a code that never changes, its sentence, and the values for its placeholders."""

    code: str
    words: Words
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = "es") -> str:
        """Return the sentence in "es" or "en"; another language is taken as "es"."""
        return self.words.text(language, **self.values)


class FilesRefusal(Refusal):
    """A question about a bot that can't be answered; `problem` is the reason, without any file's content."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.code, self.words = problem.code, problem.words
        super().__init__(**problem.values)

    def __str__(self) -> str:
        return f"{self.code}: {self.text('en')}"


class SourceUnavailable(FilesRefusal):
    """The data folder or the database can't be read now."""


class BotNotFound(FilesRefusal):
    """There is no such bot, or Botpress would not mount it."""

    @property
    def botpress_message(self) -> str:
        return "Not Found: Invalid Bot ID"


class BotConfigBroken(FilesRefusal):
    """A file that says something about the bot is there, but can't be used."""


class KeyRefused(FilesRefusal):
    """The private key is not there, or can't be used."""
