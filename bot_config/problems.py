"""Problems in Botpress's files, in words for the operator who has to fix them."""

from dataclasses import dataclass, field

from bot_config.refusal import Refusal, RefusalKind
from bot_config.words import Sentence


@dataclass(frozen=True, slots=True)
class Problem(Sentence):
    """One thing to fix: a sentence with a code that never changes."""

    code: str = field(kw_only=True)


class FilesRefusal(Refusal):
    """A question about a bot that can't be answered; `problem` is the reason, without any file's content."""

    kind = RefusalKind.UNAVAILABLE

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

    kind = RefusalKind.NOT_FOUND

    @property
    def botpress_message(self) -> str:
        return "Not Found: Invalid Bot ID"


class BotConfigBroken(FilesRefusal):
    """A file that says something about the bot is there, but can't be used."""


class KeyRefused(FilesRefusal):
    """The private key is not there, or can't be used."""
